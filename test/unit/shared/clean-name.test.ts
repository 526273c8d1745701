import { describe, expect, it } from '@jest/globals';
import { cleanLine, cleanName } from '../../../src/shared/clean-name.js';

describe('names from outside', () => {
  it.each([
    ['a mark that turns the direction', 'inv\u202Egpj.exe', 'invgpj.exe'],
    ['isolates and marks of direction', '\u2066Ada\u2069 \u200ELovelace\u200F\u061C', 'Ada Lovelace'],
    ['spaces without width', 'Ad\u200Bmin\u2060istra\uFEFFtor', 'Administrator'],
    ['control characters', 'A\u0000d\u001Ba\u0085', 'Ada'],
    ['line breaks', 'Ada\r\n\tLovelace\u2028Byron', 'Ada Lovelace Byron'],
    ['wide and doubled spaces', ' Ada\u00A0 \u2800\u3000Lovelace ', 'Ada Lovelace'],
    ['halves of characters', 'Ad\ud83da', 'Ada'],
    ['soft hyphens, fillers and joiners of nothing', 'A\u00ADd\u034F\u3164\u115Fa\u200D\u200C', 'Ada'],
    ['joiners between Latin letters', 'pay\u200Cpal\u200D.com', 'paypal.com'],
    ['two joiners where one would do', 'می\u200C\u200Cخواهم', 'میخواهم'],
    ['selectors of nothing', 'A\uFE0Fd\uFE00a\u{E0100}', 'Ada'],
    ['tags', 'A\u{E0041}d\u{E0001}a\u{E007F}', 'Ada'],
    ['letters in pieces', 'Ma\u0308rz', 'März'],
  ])('lose %s', (_what, text, shown) => {
    expect(cleanLine(text)).toBe(shown);
  });

  it.each([
    ['a family', '👩‍👩‍👧‍👦 Ada'],
    ['a heart on fire, which takes a selector', '❤️‍🔥'],
    ['a profession with a skin', '🧑🏽‍⚕️'],
    ['a flag of two parts', '🏳️‍🌈'],
    ['a flag of a region', '🏴󠁧󠁢󠁥󠁮󠁧󠁿'],
    ['a keycap', '1️⃣'],
    ['Persian with a non-joiner', 'می\u200Cخواهم'],
    ['Arabic that ends joined', '١٤٤٥ه\u200D'],
    ['Hindi with a joiner', 'क्\u200Dष'],
    ['Bengali with a non-joiner', 'র\u200C্য'],
    ['Malayalam of old spelling', 'അവന്\u200D'],
    ['Sinhala', 'ශ්\u200Dරී ලංකා'],
    ['a Japanese name with a variant', '葛\u{E0100}城'],
    ['Hebrew, which needs no marks', 'שלום עולם'],
    ['combining marks of Thai', 'น้ำ'.normalize('NFC')],
  ])('keep %s', (_what, text) => {
    expect(cleanLine(text)).toBe(text);
  });

  it('are nothing when nothing of them can be seen', () => {
    for (const text of [null, undefined, '', ' \u200B\u202E ', '\u3164', '\u2800']) expect(cleanName(text)).toBeNull();
  });

  it('are cut to their limit, never through a character', () => {
    expect(cleanName('😀😀😀', 5)).toBe('😀😀');
    expect(cleanName('Ada Lovelace', 4)).toBe('Ada');
  });
});
