import type { Locator, Page } from 'playwright-core';
import type { ChosenFile } from './chosen-file.js';

type Mark = 'Sent' | 'Delivered' | 'Read' | 'Not sent';

/** An agent in the inbox. */
export class Agent {
  constructor(
    readonly page: Page,
    private readonly hubUrl: string,
  ) {}

  async logIn({ email, password }: { email: string; password: string }): Promise<void> {
    await this.page.goto(this.hubUrl);
    await this.page.getByLabel('E-mail').fill(email);
    await this.page.getByLabel('Password', { exact: true }).fill(password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
    await this.page.getByText('Up to date').waitFor();
  }

  /** Opens a waiting conversation of an inbox by what its list row says. */
  async open(inbox: string, words: string): Promise<void> {
    const views = this.page.getByRole('navigation', { name: 'Views' });
    await views.getByRole('region', { name: 'Unassigned' }).getByRole('link', { name: inbox }).click();
    await this.list.getByRole('link', { name: words }).click();
    await this.thread.waitFor();
  }

  /** Opens it and becomes its holder. */
  async take(inbox: string, words: string): Promise<void> {
    await this.open(inbox, words);
    await this.page.getByRole('button', { name: 'Accept' }).click();
    await this.page.getByRole('button', { name: /^Held by/ }).waitFor();
  }

  get list(): Locator {
    return this.page.getByRole('region', { name: 'Conversations', exact: true });
  }

  /** What scrolls under the header of the open conversation. */
  get thread(): Locator {
    return this.page.getByLabel('Messages', { exact: true });
  }

  get composer(): Locator {
    return this.page.getByRole('region', { name: 'Write to the customer or the team' });
  }

  get field(): Locator {
    return this.composer.getByRole('textbox');
  }

  message(text: string): Locator {
    return this.thread.getByRole('article').filter({ hasText: text });
  }

  mark(text: string, state: Mark): Locator {
    return this.message(text).getByRole('img', { name: state, exact: true });
  }

  picture(name: string): Locator {
    return this.thread.getByRole('button', { name: `Enlarge ${name}` }).getByRole('img');
  }

  async reply(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
    await this.message(text).waitFor();
  }

  async writeNote(text: string): Promise<void> {
    await this.chooseKind('Note');
    await this.reply(text);
    await this.chooseKind('Reply');
  }

  async chooseKind(kind: 'Reply' | 'Note'): Promise<void> {
    await this.composer.getByRole('radiogroup', { name: 'Kind of message' }).getByText(kind, { exact: true }).click();
  }

  async sendFile(file: ChosenFile): Promise<void> {
    const choosing = this.page.waitForEvent('filechooser');
    await this.composer.getByRole('button', { name: 'Attach files' }).click();
    await (await choosing).setFiles(file);
    await this.composer.getByRole('button', { name: 'Send', exact: true }).click();
  }

  /** The id of the open conversation. */
  conversationId(): string {
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? '';
  }
}
