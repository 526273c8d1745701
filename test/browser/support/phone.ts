import type { Locator, Page } from 'playwright-core';
import type { ChosenFile } from './chosen-file.js';
import type { Person } from '../../support/sandbox.js';

/** The phone page of the Messenger sandbox, as a person uses it. */
export class Phone {
  constructor(
    readonly page: Page,
    private readonly url: string,
  ) {}

  /** Takes somebody's phone into the hand. */
  async show(person: Person): Promise<void> {
    if (!this.page.url().startsWith(this.url)) await this.page.goto(this.url);
    await this.page.getByRole('complementary', { name: 'People' }).getByRole('button', { name: person.name }).click();
    await this.page.getByRole('region', { name: `Phone of ${person.name}` }).waitFor();
  }

  /** The Page's chat that is on the screen. */
  get thread(): Locator {
    return this.page.getByRole('log');
  }

  /** A message with what stands below it. */
  message(text: string): Locator {
    return this.thread.locator('.turn', { hasText: text });
  }

  async say(text: string): Promise<void> {
    await this.page.getByRole('textbox', { name: 'Message to' }).fill(text);
    await this.page.getByRole('button', { name: 'Send', exact: true }).click();
    await this.message(text).waitFor();
  }

  async sendFile(file: ChosenFile): Promise<void> {
    await this.page.locator('.composer input[type=file]').setInputFiles(file);
    await this.thread.getByRole('img', { name: file.name }).waitFor();
  }

  /** Opens a message's menu and picks something there. */
  async pick(text: string, choice: string): Promise<void> {
    const message = this.message(text);
    await message.hover();
    await message.getByRole('button', { name: 'React and more' }).click();
    await message.getByRole('button', { name: choice, exact: true }).click();
  }

  async edit(text: string, changed: string): Promise<void> {
    await this.pick(text, 'Edit');
    await this.page.getByRole('textbox', { name: 'Message to' }).fill(changed);
    await this.page.getByRole('button', { name: 'Save' }).click();
    await this.message(changed).waitFor();
  }
}
