import type { Page } from 'playwright-core';

/** What a page shows and says, apart from times, keys, decoration, and what it marks as written by people or in another language. */
function wordsOnPage(): string[] {
  // Runs in the page, whose types are not those of the test.
  interface Shown {
    closest(selector: string): unknown;
    checkVisibility(options: object): boolean;
    getAttribute(name: string): string | null;
    getBoundingClientRect(): { width: number; height: number };
    childNodes: Iterable<{ nodeType: number; textContent: string | null }>;
  }
  const page = globalThis as unknown as { document: { querySelectorAll(selector: string): Iterable<Shown> } };
  const apart = 'bdi, time, kbd, script, style, title, body [dir=auto], body [lang], [aria-hidden="true"]';
  const found = new Set<string>();
  const note = (text: string | null): void => {
    const line = (text ?? '').replaceAll(/\s+/g, ' ').trim();
    if (/\p{L}/u.test(line)) found.add(line);
  };
  for (const element of page.document.querySelectorAll('body *')) {
    const { width, height } = element.getBoundingClientRect();
    if (width <= 1 || height <= 1 || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest(apart) !== null) continue;
    for (const node of element.childNodes) if (node.nodeType === 3) note(node.textContent);
    for (const name of ['aria-label', 'title', 'placeholder']) note(element.getAttribute(name));
  }
  return [...found];
}

/**
 * Texts on a page in the pseudo-language that are not translated: not in its brackets, and not made of what people wrote.
 * @param content attributes and the like that hold what people chose.
 */
export async function untranslated(page: Page, content: readonly string[]): Promise<string[]> {
  const known = new Set(content);
  return (await page.evaluate(wordsOnPage)).filter(
    (text) => !/^\[.*\]$/s.test(text) && !known.has(text) && !/^(TKT-\d+|https?:\S+)$/.test(text),
  );
}

/** Elements that reach beyond the left or right edge of the screen, but for the way to skip there. */
export function beyondTheEdges(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const view = globalThis as unknown as {
      innerWidth: number;
      document: {
        querySelectorAll(selector: string): Iterable<{
          outerHTML: string;
          checkVisibility(options: object): boolean;
          getBoundingClientRect(): { left: number; right: number; width: number };
        }>;
      };
    };
    return [...view.document.querySelectorAll('body *:not(.sb-skip)')]
      .filter((element) => {
        const { left, right, width } = element.getBoundingClientRect();
        const seen = width > 1 && element.checkVisibility({ visibilityProperty: true });
        return seen && (left < -1 || right > view.innerWidth + 1);
      })
      .map(({ outerHTML }) => outerHTML.slice(0, 200));
  });
}
