import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Agent } from './support/agent.js';
import { Demo, WEBSITE } from './support/demo.js';

jest.setTimeout(90_000);

let demo: Demo;
let admin: Agent;
let page: Page;

beforeAll(async () => {
  demo = await Demo.start();
  admin = await demo.agent('admin');
  page = admin.page;
});

afterEach(() => {
  const complaints = demo.complaints.all.splice(0);
  demo.complaints.expect(null);
  expect(complaints).toEqual([]);
});

afterAll(() => demo.stop());

const rail = (on = page) => on.getByRole('navigation', { name: 'Areas' });
const row = (name: string) => page.getByRole('row').filter({ hasText: name });
const heading = (name: string) => page.getByRole('heading', { level: 1, name });
const focused = (on = page): Promise<string> =>
  on.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent');

describe('the rail', () => {
  test('leads to the areas, and shows agents only those they may use', async () => {
    await rail().getByRole('link', { name: 'Settings' }).click();
    await heading('People').waitFor();
    await rail().getByRole('link', { name: 'Inbox' }).click();
    await admin.list.waitFor();

    const agent = await demo.agent('agent');
    expect(await rail(agent.page).getByRole('link').count()).toBe(1);
    await agent.page.goto(`${demo.hubUrl}/settings/people`);
    await agent.list.waitFor();
    expect(new URL(agent.page.url()).pathname).toBe('/inbox');
    await agent.page.context().close();
  });

  test('changes the reader’s availability for all their windows', async () => {
    const other = await demo.agent('admin');
    await rail().getByRole('button', { name: 'Your menu' }).click();
    await page.getByRole('menuitemradio', { name: 'Busy' }).click();
    await page.keyboard.press('Escape');
    await rail(other.page)
      .getByRole('button', { name: /Busy\. Your menu/ })
      .waitFor();
    await other.page.context().close();
  });

  test('is a bar at the bottom of a phone, and makes room for a conversation', async () => {
    const agent = await demo.agent('agent', { viewport: { width: 390, height: 844 } });
    const box = await rail(agent.page).boundingBox();
    expect(box && box.y + box.height).toBe(844);
    expect(box?.width).toBe(390);
    await agent.list.getByRole('link', { name: 'Sabine Auer' }).click();
    await agent.thread.waitFor();
    await rail(agent.page).waitFor({ state: 'hidden' });
    await agent.page.getByRole('button', { name: 'Back to the list' }).click();
    await rail(agent.page).waitFor();
    await agent.page.context().close();
  });
});

describe('settings', () => {
  test('add a member, who is there after a reload and may log in with the password shown once', async () => {
    demo.complaints.expect(/status of 400/);
    await page.goto(`${demo.hubUrl}/settings/people`);
    await page.getByRole('link', { name: 'Add a member' }).click();
    await page.getByLabel('Name').fill('Nora Neu');
    await page.getByLabel('E-mail').fill('nora');
    await page.keyboard.press('Enter');
    await page.getByText('E-mail is not an e-mail address').waitFor();
    await page.getByRole('alert').getByText('Could not save:').waitFor();
    await page.locator('input[type=email]:focus').waitFor();

    await page.getByLabel('E-mail').fill('nora.neu@radhaus.example');
    await page.keyboard.press('Enter');
    await heading('Nora Neu has been added').waitFor();
    const password = await page.getByLabel('First password').inputValue();
    await page.getByRole('button', { name: 'Done' }).click();
    await row('Nora Neu').waitFor();
    await page.reload();
    await row('Nora Neu').getByText('Active').waitFor();
    expect(await page.getByText(password).count()).toBe(0);

    const nora = await demo.openPage();
    await nora.goto(demo.hubUrl);
    await nora.getByLabel('E-mail').fill('nora.neu@radhaus.example');
    await nora.getByLabel('Password', { exact: true }).fill(password);
    await nora.getByRole('button', { name: 'Log in' }).click();
    await nora.getByText('Up to date').waitFor();
    await nora.context().close();
  });

  test('change a role, and take access away and give it back', async () => {
    await page.goto(`${demo.hubUrl}/settings/people`);
    await page.getByRole('searchbox', { name: 'Search' }).fill('tomasz');
    await page.getByText('1 entry found').waitFor();
    await row('Tomasz').getByRole('link').click();
    await page.getByLabel('Role').selectOption('Supervisor');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.getByRole('button', { name: /^Deactivate Tomasz/ }).click();
    await page.getByText('can no longer log in.').waitFor();
    await page.getByRole('link', { name: 'People' }).first().click();
    await row('Tomasz').getByText('Supervisor').waitFor();
    await row('Tomasz').getByText('Deactivated').waitFor();
    await row('Tomasz').getByRole('link').click();
    await page.getByRole('button', { name: /^Reactivate Tomasz/ }).click();
    await page.getByRole('button', { name: /^Deactivate Tomasz/ }).waitFor();
  });

  test('say why the last administrator cannot become something else', async () => {
    demo.complaints.expect(/status of 409/);
    await page.goto(`${demo.hubUrl}/settings/people`);
    await row('Administrator').getByRole('link').click();
    await page.getByText('You cannot deactivate yourself').waitFor();
    await page.getByLabel('Role').selectOption('Agent');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Somebody has to stay admin').waitFor();
    await page.getByRole('button', { name: 'Discard changes' }).click();
    expect(await page.getByLabel('Role').inputValue()).toBe('admin');
  });

  test('ask before unsaved changes are left, and keep them', async () => {
    await page.goto(`${demo.hubUrl}/settings/inboxes`);
    await row(WEBSITE).getByRole('link').click();
    await page.getByLabel('Name').fill('Radhaus shop');
    await page.getByRole('link', { name: 'People' }).click();
    const guard = page.getByRole('dialog', { name: 'Leave without saving?' });
    await guard.getByRole('button', { name: 'Keep editing' }).last().click();
    expect(await page.getByLabel('Name').inputValue()).toBe('Radhaus shop');
    // Escape leaves the field first, then asks; the text stays.
    await page.getByLabel('Name').press('Escape');
    await page.keyboard.press('Escape');
    await guard.getByRole('button', { name: 'Leave without saving' }).click();
    await row(WEBSITE).waitFor();
    expect(await page.getByText('Radhaus shop').count()).toBe(0);
  });

  test('change an inbox: name, websites, members, connection', async () => {
    demo.complaints.expect(/status of 400/);
    await page.goto(`${demo.hubUrl}/settings/inboxes`);
    await row(WEBSITE).getByRole('link').click();
    await page.getByLabel('Websites').fill(`${demo.hubUrl}\nhttps://shop.example/path`);
    await page.getByLabel('Websites').press('Control+Enter');
    await page.getByText('Line 2 must be an origin without a path').waitFor();
    await page.getByLabel('Websites').fill(`${demo.hubUrl}\nhttps://shop.example`);
    await page.getByLabel('Members').and(page.locator('input')).press('Backspace');
    await page.getByLabel('Websites').press('Control+Enter');
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.reload();
    expect(await page.getByLabel('Websites').inputValue()).toBe(`${demo.hubUrl}\nhttps://shop.example`);

    await page.getByRole('button', { name: `Disconnect ${WEBSITE}` }).click();
    await page.getByText('Disconnected', { exact: true }).waitFor();
    await page.getByRole('button', { name: `Connect ${WEBSITE}` }).click();
    await page.getByText('Connected', { exact: true }).waitFor();
  });
});

describe('by keyboard alone', () => {
  test('the palette finds commands, views, people and conversations, and gives the focus back', async () => {
    await page.goto(`${demo.hubUrl}/inbox`);
    await page.getByText('Up to date').waitFor();
    const palette = page.getByRole('dialog', { name: 'Find anything' });
    const chosen = palette.getByRole('option', { selected: true });
    await page.keyboard.press('Tab');
    const before = await focused();
    await page.keyboard.press('Control+k');
    await palette.waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'hidden' });
    expect(await focused()).toBe(before);

    const find = async (words: string, expected: RegExp): Promise<void> => {
      await page.keyboard.press('Control+k');
      await palette.getByRole('combobox').waitFor();
      await page.keyboard.type(words);
      await chosen.filter({ hasText: expected }).waitFor();
      await page.keyboard.press('Enter');
    };
    await find('sabine', /Sabine Auer/);
    await admin.message('Tomorrow at 9:30 works.').waitFor();
    await find('write note', /Write a note/);
    await page.getByLabel('Your note').waitFor();
    expect(await focused()).toBe('Your note');
    await find('jonas radhaus', /Jonas/);
    await heading('Jonas Keller').waitFor();
    await find('unassigned website', /Radhaus website/);
    await heading(WEBSITE).waitFor();
    await find('go sett', /Go to Settings/);
    await heading('People').waitFor();
  });

  test('keys move and lead; they are dead in text and when they are switched off', async () => {
    await page.goto(`${demo.hubUrl}/settings/people`);
    await row('Jonas').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByLabel('Name').waitFor();
    await page.keyboard.press('Escape');
    await row('Jonas').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('j?gi');
    expect(await page.getByRole('searchbox').inputValue()).toBe('j?gi');
    await page.keyboard.press('Escape');
    expect(await page.getByRole('searchbox').inputValue()).toBe('j?gi');

    await page.keyboard.press('?');
    const list = page.getByRole('dialog', { name: 'Keys' });
    await list.getByRole('region', { name: 'Lists' }).getByText('Next row').waitFor();
    await list.getByRole('region', { name: 'Inbox' }).getByText('Write a reply').waitFor();
    await page.keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('i');
    await admin.list.waitFor();

    await page.keyboard.press('Control+k');
    await page.keyboard.type('keys of one letter');
    await page.keyboard.press('Enter');
    await page.keyboard.press('?');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog', { name: 'Find anything' }).waitFor();
    expect(await list.count()).toBe(0);
    await page.keyboard.type('keys of one letter on');
    await page.keyboard.press('Enter');
    await page.keyboard.press('?');
    await list.waitFor();
    await page.keyboard.press('Escape');
  });
});
