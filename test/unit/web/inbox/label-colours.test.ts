import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { LABEL_COLOURS } from '../../../../src/shared/labels.js';

const INBOX = join(import.meta.dirname, '../../../../web/inbox');
const css = readFileSync(join(INBOX, 'parts/labels/LabelChips.module.css'), 'utf8');
const base = readFileSync(join(INBOX, 'base.css'), 'utf8');

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

/** What dots stand on, light and dark. */
const GROUNDS = ['surface', 'active', 'hover'].map((name) =>
  [...base.matchAll(new RegExp(`--sb-${name}: (#\\w{6})`, 'g'))].map((match) => match[1] ?? ''),
);

it.each(LABEL_COLOURS)('%s stands out from what it is drawn on, light and dark', (colour) => {
  const own = new RegExp(`data-colour='${colour}'\\] \\{\\s*background: light-dark\\((#\\w{6}), (#\\w{6})\\)`).exec(
    css,
  );
  // Grey is what a dot has of itself.
  const tones = own ?? /\.dot \{[^}]*light-dark\((#\w{6}), (#\w{6})\)/.exec(css);
  expect(own === null).toBe(colour === 'grey');
  for (const grounds of GROUNDS)
    for (const scheme of [0, 1])
      expect(contrast(tones?.[scheme + 1] ?? '', grounds[scheme] ?? '')).toBeGreaterThanOrEqual(3);
});
