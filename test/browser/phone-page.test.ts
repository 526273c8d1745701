import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { Bench, type Json } from '../embedded/sandbox/support.js';
import { until } from '../support/until.js';
import { openBrowser } from './support/browser.js';

const WEB_ROOT = join(import.meta.dirname, '../../dist/web/sandbox');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
jest.setTimeout(60_000);

let browser: Browser;
let bench: Bench;
let page: Page;
let faults: string[];

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  bench = await Bench.start({ webRoot: WEB_ROOT });
  faults = [];
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await bench.stop();
});

async function open(width: number, height: number, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme });
  page = await context.newPage();
  page.on('console', (line) => {
    if (line.type() === 'error') faults.push(line.text());
  });
  page.on('pageerror', (error) => faults.push(error.message));
  await page.goto(bench.sandbox.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

const write = async (text: string): Promise<void> => {
  await page.getByPlaceholder('Message').fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
};
const openMenu = async (text: string): Promise<void> => {
  await page.getByText(text, { exact: true }).last().hover();
  await page.locator('.row', { hasText: text }).last().getByRole('button', { name: 'React and more' }).click();
};
/** Axe's findings that are serious or worse. */
async function serious(): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string }[] }> };
    };
    const { violations } = await axe.run();
    return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
  });
}

describe('the phone page', () => {
  test('carries a conversation: write, edit, react, unsend, quick reply, files', async () => {
    await open(1440, 900);
    await write('helo');
    await page.getByText('Delivered', { exact: true }).waitFor();
    await openMenu('helo');
    await page.getByRole('button', { name: 'Edit' }).click();
    await page.getByPlaceholder('Message').fill('hello');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Edited', { exact: true }).waitFor();

    await bench.send(
      'Pick-up or delivery?',
      {},
      {
        quick_replies: [{ content_type: 'text', title: 'Delivery', payload: 'SHIP' }],
      },
    );
    await page.getByRole('button', { name: 'Delivery', exact: true }).click();
    await openMenu('Pick-up or delivery?');
    await page.getByRole('button', { name: 'like' }).click();
    await until(() => bench.receiver.eventsWith('reaction').length === 1);
    await openMenu('hello');
    await page.getByRole('button', { name: 'Unsend' }).click();
    await page.getByText('You unsent a message').waitFor();
    await page.locator('input[type=file]').setInputFiles({
      name: 'note.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('a note'),
    });
    await page.getByText('note.txt').waitFor();
    await bench.send('', { message: undefined, sender_action: 'mark_seen' });
    await page.getByText('Seen', { exact: true }).waitFor();

    const messages = bench.receiver.eventsWith('message').map(({ message }) => message as Json);
    expect(messages.map(({ text }) => text)).toEqual([
      'helo',
      'Pick-up or delivery?',
      'Delivery',
      undefined,
      undefined,
    ]);
    expect(messages[2]?.quick_reply).toEqual({ payload: 'SHIP' });
    expect(messages[3]?.is_deleted).toBe(true);
    expect(bench.receiver.eventsWith('message_edit')).toHaveLength(1);
    await until(() => bench.receiver.eventsWith('read').length > 0);
    expect(faults).toEqual([]);
  });

  test('shows the Page typing, buttons and the reply from its inbox, and taps come back', async () => {
    await bench.graph('me/messenger_profile', {
      get_started: { payload: 'GET_STARTED' },
      greeting: [{ locale: 'default', text: 'Hi {{user_first_name}}!' }],
    });
    await open(390, 844, 'dark');
    await page.getByText('Hi Lena!').waitFor();
    await page.getByRole('button', { name: 'Get started' }).click();
    await until(() => bench.receiver.eventsWith('postback').length === 1);
    await bench.send('', { message: undefined, sender_action: 'typing_on' });
    await page.getByText('is typing').waitFor({ state: 'attached' });
    const buttons = [{ type: 'postback', title: 'Track order', payload: 'TRACK' }];
    const payload = { template_type: 'button', text: 'How can we help?', buttons };
    await bench.send('', { message: { attachment: { type: 'template', payload } } });
    await page.getByRole('button', { name: 'Track order' }).click();
    await until(() => bench.receiver.eventsWith('postback').length === 2);
    expect(await page.getByText('is typing').count()).toBe(0);
    await page.getByRole('button', { name: 'Misbehave' }).click();
    await page.getByLabel('Reply from the Page inbox').fill('This is Mara.');
    await page.getByRole('button', { name: 'Reply', exact: true }).click();
    await page.getByRole('button', { name: 'Close' }).last().click();
    await page.getByText('From the Page inbox').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    expect(faults).toEqual([]);
  });

  test('switches misbehaviour on and off', async () => {
    await open(1440, 900);
    await page.getByLabel('How often').selectOption('3 times');
    await page.getByLabel('For whom').selectOption('for everybody');
    await page.getByRole('button', { name: 'Deliver twice' }).click();
    await page.getByText('Webhook: delivered 2 times').waitFor();
    expect((await bench.script('/rules')).body).toMatchObject([
      { kind: 'webhook', times: 3, match: {}, mode: { type: 'duplicate', copies: 1 } },
    ]);
    await page.getByRole('button', { name: 'Switch everything off' }).click();
    await page.getByText('Nothing. Everything works').waitFor();
    await page.getByLabel('Page token').selectOption('Token expired');
    await until(async () => (await bench.graph('me')).status === 401);
    expect(faults).toEqual([]);
  });

  test.each([
    [1440, 900, 'light'],
    [390, 844, 'dark'],
  ] as const)('has no serious accessibility fault at %d × %d, %s', async (width, height, scheme) => {
    await bench.says('Hello');
    await bench.send('Hi, how can we help?');
    await open(width, height, scheme);
    await page.getByText('Hi, how can we help?').last().waitFor();
    expect(await serious()).toEqual([]);
  });

  test('is served with content types, long caching of hashed files, and a strict policy', async () => {
    const index = await fetch(bench.sandbox.url);
    expect(index.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(index.headers.get('content-security-policy')).toContain("script-src 'self'");
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(await index.text())?.[1] ?? '';
    const asset = await fetch(bench.sandbox.url + script);
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(asset.headers.get('cache-control')).toContain('immutable');
    expect((await fetch(`${bench.sandbox.url}/assets/none.js`)).status).toBe(404);
    expect((await fetch(`${bench.sandbox.url}/nowhere`)).status).toBe(404);
  });
});

test('without a built page the sandbox says how to build it', async () => {
  const bare = await Bench.start({ webRoot: join(tmpdir(), 'not-built') });
  const answer = await fetch(bare.sandbox.url);
  expect(answer.status).toBe(503);
  expect(await answer.text()).toContain('npm run build');
  await bare.stop();
});
