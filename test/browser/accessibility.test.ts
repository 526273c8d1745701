import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Agent } from './support/agent.js';
import { Demo, MESSENGER, WEBSITE } from './support/demo.js';

jest.setTimeout(90_000);

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface Violation {
  id: string;
  impact: string | null;
  nodes: { target: unknown; html: string; failureSummary?: string }[];
}

interface Axe {
  run(options: { resultTypes: string[] }): Promise<{ violations: Violation[]; passes: unknown[] }>;
}

/** What axe finds serious or critical, each with the first element it is about. */
async function seriousFaults(page: Page): Promise<string[]> {
  // As a script element it would offend the page's content policy.
  await page.evaluate(AXE);
  const { violations, passes } = await page.evaluate(() =>
    (globalThis as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations', 'passes'] }),
  );
  expect(passes.length).toBeGreaterThan(0);
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary} (${nodes.length})`);
}

/** How many pixels of a page's main part lie beyond the edge of the screen. */
const cutOff = (page: Page): Promise<number> =>
  page.getByRole('main').evaluate((element) => {
    const main = element as unknown as { scrollWidth: number; clientWidth: number };
    return main.scrollWidth - main.clientWidth;
  });

let demo: Demo;
let agent: Agent;

beforeAll(async () => {
  demo = await Demo.start();
  agent = await demo.agent();
});

afterEach(() => expect(demo.complaints.all.splice(0)).toEqual([]));

afterAll(() => demo.stop());

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const ADDRESSES = ['', '/people', '/people/new', '/labels', '/labels/new', '/inboxes'].map(
  (page) => `/settings${page}`,
);

describe.each([
  ['light', 'desktop', DESKTOP],
  ['dark', 'desktop', DESKTOP],
  ['light', 'phone', PHONE],
  ['dark', 'phone', PHONE],
] as const)('axe finds nothing serious, %s on a %s:', (colorScheme, device, viewport) => {
  const options = { colorScheme, viewport };

  test('the inbox', async () => {
    const page = await demo.openPage(options);
    await page.goto(demo.hubUrl);
    await page.getByRole('button', { name: /supervisor/i }).waitFor();
    expect(await cutOff(page)).toBe(0);
    expect(await seriousFaults(page)).toEqual([]);

    const reader = new Agent(page, demo.hubUrl);
    await reader.logIn(demo.logIn('agent'));
    await reader.list.getByRole('link', { name: 'Sabine Auer' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await reader.list.getByRole('link', { name: 'Sabine Auer' }).click();
    await reader.message('Tomorrow at 9:30 works.').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Labels of this conversation' }).click();
    await page.getByRole('combobox').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await reader.chooseKind('Note');
    expect(await seriousFaults(page)).toEqual([]);
    await page.context().close();
  });

  test('the settings, the palette and the list of keys', async () => {
    const { page } = await demo.agent('admin', options);
    for (const address of ADDRESSES) {
      await page.goto(`${demo.hubUrl}${address}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await cutOff(page)).toBe(0);
      expect(await seriousFaults(page)).toEqual([]);
    }
    await page.getByRole('link', { name: WEBSITE }).click();
    await page.getByLabel('Websites').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Control+k');
    await page.getByRole('option', { name: 'Go to Inbox' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Your menu' }).click();
    await page.getByRole('menuitemradio', { name: 'Available' }).waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await page.context().close();
  });

  test('the widget on the shop', async () => {
    const visitor = await demo.visitor(options);
    expect(await seriousFaults(visitor.page)).toEqual([]);
    const text = `Is this ${colorScheme} on a ${device}?`;
    await visitor.say(text);
    await agent.take(WEBSITE, text);
    await agent.reply('It is.');
    await visitor.message('It is.').waitFor();
    expect(await seriousFaults(visitor.page)).toEqual([]);
    await visitor.closeChat();
    expect(await seriousFaults(visitor.page)).toEqual([]);
    await visitor.page.context().close();
  });

  test('the phone page of the sandbox', async () => {
    const person = await demo.sandbox.newPerson(`Ada ${colorScheme}`, device);
    await demo.sandbox.act(person, 'messages', { text: 'Hello!' });
    await agent.take(MESSENGER, person.name);
    await agent.reply('Good morning!');
    const phone = await demo.phone(options);
    await phone.page.goto(demo.sandbox.url);
    if (device === 'phone') await phone.page.getByRole('button', { name: 'Choose a person' }).click();
    await phone.show(person);
    await phone.message('Good morning!').waitFor();
    expect(await seriousFaults(phone.page)).toEqual([]);
    await phone.page.context().close();
  });
});
