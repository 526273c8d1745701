import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';

const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Milliseconds that anything on a page may take, with room for a busy machine. */
const PATIENCE = 20_000;

/** What pages complained about: uncaught errors, and what they wrote to their consoles as errors. */
export class Complaints {
  readonly all: string[] = [];
  private expected: RegExp | null = null;

  add(complaint: string): void {
    if (!this.expected?.test(complaint)) this.all.push(complaint);
  }

  /** From now on complaints with these words are no fault; null: each one is. */
  expect(words: RegExp | null): void {
    this.expected = words;
  }
}

/** @throws Error when this machine has no Chromium. */
function findChromium(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const file of PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name)))) {
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  throw new Error('Chromium is missing. npm test installs it where it may.');
}

/** The distribution's Chromium, with a profile of its own that is removed when it closes. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: findChromium(), headless: true, args: FLAGS });

type ContextOptions = Parameters<Browser['newContext']>[0];

/** A page of somebody with a browser of their own: nothing is shared with other pages. */
export async function openPage(browser: Browser, complaints: Complaints, options?: ContextOptions): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.add(`${page.url()}: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.add(`${page.url()}: ${message.text()} (${message.location().url})`);
  });
  return page;
}
