import { StoreError } from '../values/index.js';

/** MongoDB's options (manual: "$regex", `$options`), as far as translation needs them. */
export interface RegexOptions {
  multiline: boolean;
  dotAll: boolean;
  extended: boolean;
  ignoreCase: boolean;
}

/** White space as PCRE's `\s` has it: ASCII only. */
const SPACE = '\\x09-\\x0d ';
const HORIZONTAL = '\\x09 \u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000';
const VERTICAL = '\\x0a-\\x0d\u0085\u2028\u2029';

/** Sets that may stand inside or outside brackets; capital letters mean the complement. */
const SETS: Record<string, string> = { d: '0-9', w: 'A-Za-z0-9_', s: SPACE, h: HORIZONTAL, v: VERTICAL };

const POSIX: Record<string, string> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  ascii: '\\x00-\\x7f',
  blank: '\\t ',
  cntrl: '\\x00-\\x1f\\x7f',
  digit: '0-9',
  graph: '\\x21-\\x7e',
  lower: 'a-z',
  print: '\\x20-\\x7e',
  punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
  space: SPACE,
  upper: 'A-Z',
  word: 'A-Za-z0-9_',
  xdigit: '0-9A-Fa-f',
};

/** Any character; `[^]` with the `v` flag matches nothing at all at the end of a text. */
const ANY = '[\\x00-\u{10ffff}]';

/** Escapes that stand for a place, outside brackets only. */
const PLACES: Record<string, Token> = {
  b: same('\\b'),
  B: same('\\B'),
  A: { js: `(?<!${ANY})`, re2: '\\A' },
  z: { js: `(?!${ANY})`, re2: '\\z' },
  Z: { js: `(?=\\n?(?!${ANY}))`, re2: '\\z', beforeLastBreak: true },
  R: same(`(?:\\r\\n|[${VERTICAL}])`),
  N: same('[^\\n]'),
};

const CONTROLS: Record<string, number> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

/** Groups that look around, which no engine does in linear time. */
const LOOKS = ['(?=', '(?!', '(?<=', '(?<!'];

/** A piece of the pattern for both engines; without `re2` the linear one cannot express it. */
interface Token {
  js: string;
  re2?: string | undefined;
  /** It also stands before a line break at the very end, which the linear engine does not know. */
  beforeLastBreak?: boolean;
}

/** A character; or a set, which cannot be the end of a range. */
type Atom = { code: number } | CharacterSet;

interface CharacterSet {
  /** What stands between the brackets; for a property, the property. */
  set: string;
  kind: 'plain' | 'complement' | 'property';
}

/** A pattern in the languages of both engines. */
export interface Translation {
  /** Source of a JavaScript expression with the `v` flag that matches the same. */
  js: string;
  /** Source for RE2; undefined for what it cannot express. */
  re2: string | undefined;
  /** On a text that ends with a line break, RE2 may answer otherwise. */
  beforeLastBreak: boolean;
  /** Nothing is repeated, and there are few alternatives: a backtracking engine needs no more than one pass over the pattern at each place. */
  simple: boolean;
}

/** Alternatives that are tried one by one before the pattern ceases to be simple. */
const FEW_ALTERNATIVES = 8;

/**
 * Rewrites a PCRE pattern for the engines. Throws StoreError 51091 for what is malformed, and 238 naming the construct
 * for what JavaScript cannot express.
 */
export class RegexTranslator {
  private readonly source: string;
  private readonly options: RegexOptions;
  private at = 0;
  private alternatives = 1;
  private simple = true;

  constructor(source: string, options: RegexOptions) {
    this.source = source;
    this.options = options;
  }

  translate(): Translation {
    const all: Translation = { js: '', re2: '', beforeLastBreak: false, simple: true };
    while (this.at < this.source.length) {
      const { js, re2, beforeLastBreak } = this.next();
      all.js += js;
      all.re2 = all.re2 === undefined || re2 === undefined ? undefined : all.re2 + re2;
      if (beforeLastBreak === true) all.beforeLastBreak = true;
    }
    all.simple = this.simple && this.alternatives <= FEW_ALTERNATIVES;
    return all;
  }

  /** Takes what a sticky expression finds at the current place. */
  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  private next(): Token {
    if (this.options.extended && this.take(/\s+|#[^\n]*\n?/uy) !== null) return same('');
    const quantifier = this.take(/[*+?]|\{\d+(?:,\d*)?\}/uy);
    if (quantifier !== null) return this.quantified(quantifier[0]);
    const character = this.take(/[^]/uy)![0];
    switch (character) {
      case '\\':
        return this.escape();
      case '[':
        return this.brackets();
      case '(':
        return this.group();
      case '.':
        return same(this.options.dotAll ? ANY : '[^\\n]');
      case '^':
        if (!this.options.multiline) return same('^');
        return { js: `(?:^|(?<=\\n)(?=${ANY}))`, re2: '(?m:^)', beforeLastBreak: true };
      case '$':
        if (this.options.multiline) return { js: '(?![^\\n])', re2: '(?m:$)' };
        return { js: '(?=\\n?$)', re2: '\\z', beforeLastBreak: true };
      case '|':
        this.alternatives += 1;
        return same(character);
      case ')':
        return same(character);
      default:
        return same(literal(character.codePointAt(0)!));
    }
  }

  private quantified(quantifier: string): Token {
    this.simple = false;
    const suffix = this.take(/[?+]/uy)?.[0] ?? '';
    if (suffix === '+') throw unsupported(`the possessive quantifier ${quantifier}+`);
    return same(quantifier + suffix);
  }

  private group(): Token {
    if (this.take(/\?#[^)]*\)/uy) !== null) return same('');
    this.simple = false;
    if (this.source[this.at] === '*') throw unsupported('the verb (*');
    if (this.source[this.at] !== '?') return same('(');
    const named = this.take(/\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/uy);
    if (named !== null) return same(`(?<${named[1] ?? named[2]!}>`);
    const reference = this.take(/\?P=([A-Za-z_]\w*)\)/uy);
    if (reference !== null) return { js: `\\k<${reference[1]!}>` };
    const opening = ['(?:', ...LOOKS].find((start) => this.source.startsWith(start, this.at - 1));
    if (opening === undefined) throw unsupported(`the group ${this.source.slice(this.at - 1, this.at + 3)}`);
    this.at += opening.length - 1;
    return LOOKS.includes(opening) ? { js: opening } : same(opening);
  }

  private escape(): Token {
    if (this.take(/Q/uy) !== null) return same(this.quotedText());
    const place = this.take(/[bBAzZRN]/uy);
    if (place !== null) return PLACES[place[0]]!;
    const reference = this.take(/([1-9])(?!\d)|k(?:<(\w+)>|\{(\w+)\}|'(\w+)')/uy);
    if (reference !== null) {
      this.simple = false;
      const name = reference[2] ?? reference[3] ?? reference[4];
      return { js: name === undefined ? `(?:\\${reference[1]!})` : `\\k<${name}>` };
    }
    const atom = this.escapedAtom();
    if ('code' in atom) return same(literal(atom.code));
    const text = setText(atom);
    return { js: text, re2: this.isFolded(atom) ? undefined : text };
  }

  /** The engines differ in what a property means when case does not matter. */
  private isFolded(set: CharacterSet): boolean {
    return set.kind === 'property' && this.options.ignoreCase;
  }

  private quotedText(): string {
    const end = this.source.indexOf('\\E', this.at);
    const text = this.source.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.source.length : end + 2;
    return [...text].map((character) => literal(character.codePointAt(0)!)).join('');
  }

  /** What follows a backslash, where it means a character or a set. */
  private escapedAtom(): Atom {
    const set = this.take(/[dwshvDWSHV]/uy);
    if (set !== null) return setNamed(set[0]);
    const property = this.take(/([pP])(?:\{(\^?)([A-Z][a-z]?)\}|([A-Z]))/uy);
    if (property !== null) return { set: propertySet(property), kind: 'property' };
    const coded = this.take(/x\{([0-9A-Fa-f]+)\}|x([0-9A-Fa-f]{0,2})/uy);
    if (coded !== null) return { code: parseInt(coded[1] ?? (coded[2] || '0'), 16) };
    const octal = this.take(/0[0-7]{0,2}|o\{([0-7]+)\}/uy);
    if (octal !== null) return { code: parseInt(octal[1] ?? octal[0], 8) };
    const control = this.take(/c([@-_a-z])/uy);
    if (control !== null) return { code: control[1]!.toUpperCase().charCodeAt(0) ^ 64 };
    const character = this.take(/[^]/uy)?.[0];
    if (character === undefined) throw malformed('\\ at end of pattern');
    if (Object.hasOwn(CONTROLS, character)) return { code: CONTROLS[character]! };
    if (/[A-Za-z0-9]/.test(character)) throw unsupported(`the escape \\${character}`);
    return { code: character.codePointAt(0)! };
  }

  private brackets(): Token {
    const negated = this.take(/\^/uy) !== null;
    let plain = '';
    const complements: CharacterSet[] = [];
    let folded = false;
    const add = (atom: Atom): void => {
      if ('code' in atom) plain += literal(atom.code);
      else if (atom.kind === 'complement') complements.push(atom);
      else {
        plain += atom.set;
        folded ||= this.isFolded(atom);
      }
    };
    for (let first = true; first || this.take(/\]/uy) === null; first = false) {
      const low = this.bracketAtom();
      const range = 'code' in low ? this.take(/-(?!\])/uy) : null;
      const high = range === null ? undefined : this.bracketAtom();
      if (high !== undefined && 'code' in high && 'code' in low) {
        plain += `${literal(low.code)}-${literal(high.code)}`;
        continue;
      }
      add(low);
      if (high === undefined) continue;
      plain += literal(0x2d);
      add(high);
    }
    const start = negated ? '[^' : '[';
    if (complements.length === 0) return { js: `${start}${plain}]`, re2: folded ? undefined : `${start}${plain}]` };
    const sets = complements.map(setText);
    const alternatives = plain === '' ? sets : [`[${plain}]`, ...sets];
    const linear = !negated && !folded;
    return { js: `${start}${plain}${sets.join('')}]`, re2: linear ? `(?:${alternatives.join('|')})` : undefined };
  }

  private bracketAtom(): Atom {
    const posix = this.take(/\[:(\^?)([a-z]+):\]/uy);
    if (posix !== null) return posixSet(posix[2]!, posix[1] !== '');
    if (this.take(/\\b/uy) !== null) return { code: 8 };
    if (this.take(/\\/uy) !== null) return this.escapedAtom();
    const character = this.take(/[^]/uy)?.[0];
    if (character === undefined) throw malformed('missing terminating ] for character class');
    return { code: character.codePointAt(0)! };
  }
}

function same(text: string): Token {
  return { js: text, re2: text };
}

function setNamed(letter: string): CharacterSet {
  const small = letter.toLowerCase();
  return { set: SETS[small]!, kind: letter === small ? 'plain' : 'complement' };
}

/** A set as it stands outside brackets. */
function setText({ set, kind }: CharacterSet): string {
  if (kind === 'property') return set;
  return kind === 'plain' ? `[${set}]` : `[^${set}]`;
}

function propertySet(found: RegExpExecArray): string {
  const complement = (found[1] === 'P') !== (found[2] === '^');
  return `\\${complement ? 'P' : 'p'}{${found[3] ?? found[4]!}}`;
}

function posixSet(name: string, complement: boolean): CharacterSet {
  if (!Object.hasOwn(POSIX, name)) throw malformed(`unknown POSIX class name ${name}`);
  return { set: POSIX[name]!, kind: complement ? 'complement' : 'plain' };
}

/** A character that stands for itself anywhere in an expression of either engine. */
function literal(code: number): string {
  if (code > 0x10ffff) throw malformed('character code point value is too large');
  if (code >= 0xd800 && code <= 0xdfff) throw malformed('disallowed Unicode code point');
  const character = String.fromCodePoint(code);
  if (code > 127 || /[A-Za-z0-9 _]/.test(character)) return character;
  return `\\x${code.toString(16).padStart(2, '0')}`;
}

function malformed(problem: string): StoreError {
  return new StoreError(51091, `Regular expression is invalid: ${problem}`);
}

function unsupported(construct: string): StoreError {
  return new StoreError(238, `${construct} in a regular expression is not supported by this store`);
}
