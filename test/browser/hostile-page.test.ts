import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { Complaints, openBrowser, openPage } from './support/browser.js';

jest.setTimeout(60_000);

const LOADER = readFileSync(join(import.meta.dirname, '../../dist/web/widget/widget.js'), 'utf8');
const SITE = 'http://shop.example';
const HUB = 'http://hub.example';

let browser: Browser;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

/** Opens the chat on a page with this markup; answers from where its code was asked for. */
async function chatAskedFrom(markup: string, loader = `${HUB}/widget.js`): Promise<string> {
  const complaints = new Complaints();
  const page = await openPage(browser, complaints);
  const tag = `<script src="${loader}" data-inbox="key" async></script>`;
  const asked = new Promise<string>((resolve) => {
    void page.route('**/*', async (route) => {
      const url = new URL(route.request().url());
      if (url.pathname === '/widget.js') {
        // It arrives when the whole page is there.
        await page.waitForLoadState('domcontentloaded');
        return route.fulfill({ contentType: 'text/javascript', body: LOADER });
      }
      if (url.pathname === '/widget/chat.js') resolve(url.origin);
      if (url.pathname !== '/') return route.fulfill({ status: 404 });
      const body = `<!doctype html><html><head>${tag}</head><body>${markup}</body></html>`;
      return route.fulfill({ contentType: 'text/html', body });
    });
  });
  await page.goto(SITE);
  await page.getByRole('button', { name: 'Open chat' }).click();
  const origin = await asked;
  expect(complaints.all.filter((line) => !line.includes('404'))).toEqual([]);
  await page.context().close();
  return origin;
}

// Markup of visitors that a site shows without scripts, such as a product review.
test.each([
  ['nothing', ''],
  ['a current script', '<img name="currentScript" src="//evil.example/x" data-inbox="other">'],
  ['a head', '<form name="head"><input name="append"></form>'],
  ['a body', '<img name="body"><img name="documentElement">'],
  ['a look-up', '<img name="querySelector">'],
  ['a loader that has run', '<form id="Switchboard"><input name="ready"></form>'],
  ['calls', '<form id="Switchboard"><input name="q"></form>'],
  ['a chat', '<form id="SwitchboardChat"><input name="mount"></form>'],
])('elements that pass for %s change nothing', async (_name, markup) => {
  expect(await chatAskedFrom(markup)).toBe(HUB);
});

test('another base address changes nothing for a loader of the same site', async () => {
  expect(await chatAskedFrom('<base href="//evil.example/">', '/widget.js')).toBe(SITE);
});
