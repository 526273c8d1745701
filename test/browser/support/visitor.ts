import type { Locator, Page } from 'playwright-core';
import type { ChosenFile } from './chosen-file.js';

/** A visitor of the demo shop and their chat. */
export class Visitor {
  /** Everything that came and went over the chat's sockets. */
  readonly traffic: string[] = [];

  constructor(
    readonly page: Page,
    private readonly hubUrl: string,
  ) {
    const keep = ({ payload }: { payload: string | Buffer }): void => void this.traffic.push(String(payload));
    page.on('websocket', (socket) => socket.on('framereceived', keep).on('framesent', keep));
  }

  get panel(): Locator {
    return this.page.getByRole('dialog', { name: 'Chat with Radhaus' });
  }

  get field(): Locator {
    return this.panel.getByRole('textbox', { name: 'Write a message' });
  }

  async visitShop(): Promise<void> {
    await this.page.goto(`${this.hubUrl}/shop`);
    await this.page.getByRole('button', { name: /^Open chat/ }).waitFor();
  }

  async openChat(): Promise<void> {
    await this.page.getByRole('button', { name: /^Open chat/ }).click();
    await this.panel.getByText(/Connected|is helping you/).waitFor();
  }

  async closeChat(): Promise<void> {
    await this.panel.getByRole('button', { name: 'Close chat' }).click();
    await this.panel.waitFor({ state: 'hidden' });
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
    await this.tick(text, 'Sent').or(this.tick(text, 'Read')).waitFor({ state: 'attached' });
  }

  async sendFile(file: ChosenFile): Promise<void> {
    await this.panel.locator('input[type=file]').setInputFiles(file);
    await this.panel.getByRole('list', { name: 'Attached files' }).getByText(file.name).waitFor();
    await this.panel.getByRole('button', { name: 'Send', exact: true }).click();
  }

  message(text: string): Locator {
    return this.panel.locator('.row', { hasText: text });
  }

  tick(text: string, state: 'Sending' | 'Sent' | 'Read'): Locator {
    return this.message(text).locator('.tick').getByText(state, { exact: true });
  }
}
