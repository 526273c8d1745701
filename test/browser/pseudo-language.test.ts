import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { pseudoText } from '../../web/inbox/i18n/pseudo.js';
import english from '../../web/inbox/locales/en/index.js';
import { Demo, MESSENGER, WEBSITE } from './support/demo.js';
import { beyondTheEdges, untranslated } from './support/foreign-words.js';

jest.setTimeout(120_000);

const WORDS = 'Does the touring frame come in green?';
const ANSWER = 'It does, from May on.';
const WIDTHS = [1280, 360];

let demo: Demo;
let page: Page;

beforeAll(async () => {
  demo = await Demo.start();
  const visitor = await demo.visitor();
  await visitor.say(WORDS);
  page = await demo.openPage();
  await page.goto(`${demo.hubUrl}/login?lang=en-XA`);
  await page.getByRole('heading', { name: pseudoText(english.login.title) }).waitFor();
});

afterEach(() => expect(demo.complaints.all.splice(0)).toEqual([]));

afterAll(() => demo.stop());

const button = (text: string) => page.getByRole('button', { name: pseudoText(text), exact: true });

/** Holds what is on screen to the language: its direction, no other words, nothing beyond the edges. */
async function expectTranslated(): Promise<void> {
  expect(await page.locator('html').getAttribute('dir')).toBe('rtl');
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    expect(await untranslated(page, [WEBSITE, MESSENGER])).toEqual([]);
    expect(await beyondTheEdges(page)).toEqual([]);
  }
  await page.setViewportSize({ width: 1440, height: 900 });
}

describe('the inbox in a language that is longer and runs the other way', () => {
  test('the log-in page', () => expectTranslated());

  test('the views and the list', async () => {
    const { email, password } = demo.logIn('agent');
    await page.locator('input[type=email]').fill(email);
    await page.locator('input[type=password]').fill(password);
    await button(english.login.submit).click();
    await page.getByText(pseudoText(english.connection.upToDate)).waitFor();
    const views = page.getByRole('navigation', { name: pseudoText(english.views.label) });
    const unassigned = views.getByRole('region', { name: pseudoText(english.views.unassigned) });
    await unassigned.getByRole('link', { name: WEBSITE }).click();
    await page.getByRole('link', { name: WORDS }).waitFor();
    await expectTranslated();
  });

  test('a thread with its composer and contact', async () => {
    await page.getByRole('link', { name: WORDS }).click();
    await button(english.conversation.accept).click();
    const field = page.getByRole('textbox', { name: pseudoText(english.composer.replyField) });
    await field.fill(ANSWER);
    await field.press('Enter');
    await page.getByRole('article').filter({ hasText: ANSWER }).getByRole('time').waitFor();
    await expectTranslated();
  });

  test('the notes of the composer', async () => {
    await page.getByText(pseudoText(english.composer.note), { exact: true }).click();
    await page.getByRole('textbox', { name: pseudoText(english.composer.noteField) }).waitFor();
    await expectTranslated();
  });

  test('the menu, which changes the language at once', async () => {
    await page
      .getByRole('navigation', { name: pseudoText(english.shell.areas) })
      .getByRole('button')
      .last()
      .click();
    await page.getByRole('menuitem', { name: pseudoText(english.menu.logOut), exact: true }).waitFor();
    expect(await untranslated(page, [WEBSITE, MESSENGER])).toEqual([]);
    expect(await beyondTheEdges(page)).toEqual([]);
    await page.getByRole('menuitemradio', { name: 'English', exact: true }).click();
    await page.getByText('Up to date').waitFor();
    expect(await page.locator('html').getAttribute('dir')).toBe('ltr');
    expect(await page.locator('html').getAttribute('lang')).toBe('en-GB');
  });
});
