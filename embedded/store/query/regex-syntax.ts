import { StoreError } from '../values/index.js';

/** MongoDB's options (manual: "$regex", `$options`), as far as translation needs them. */
export interface RegexOptions {
  multiline: boolean;
  dotAll: boolean;
  extended: boolean;
  ignoreCase: boolean;
}

/** White space as PCRE's `\s` has it: ASCII only. */
const SPACE = '\\t\\n\\v\\f\\r ';
const HORIZONTAL = '\\t \\u00a0\\u1680\\u180e\\u2000-\\u200a\\u202f\\u205f\\u3000';
const VERTICAL = '\\n\\v\\f\\r\\u0085\\u2028\\u2029';

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

/** Escapes that stand for a place, outside brackets only. */
const PLACES: Record<string, string> = {
  b: '\\b',
  B: '\\B',
  A: '(?<![^])',
  z: '(?![^])',
  Z: '(?=\\n?(?![^]))',
  R: `(?:\\r\\n|[${VERTICAL}])`,
  N: '[^\\n]',
};

const CONTROLS: Record<string, number> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };

const GROUPS = ['(?:', '(?=', '(?!', '(?<=', '(?<!'];

/** A character, or a set that cannot be the end of a range. */
type Atom = { code: number } | { set: string };

/**
 * Rewrites a PCRE pattern as the source of a JavaScript expression with the `v` flag that matches the same. Throws
 * StoreError 51091 for what is malformed, and 238 naming the construct for what JavaScript cannot express.
 */
export class RegexTranslator {
  private readonly source: string;
  private readonly options: RegexOptions;
  private at = 0;
  private output = '';

  constructor(source: string, options: RegexOptions) {
    this.source = source;
    this.options = options;
  }

  translate(): string {
    while (this.at < this.source.length) this.output += this.next();
    return this.output;
  }

  /** Takes what a sticky expression finds at the current place. */
  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  private next(): string {
    if (this.options.extended && this.take(/\s+|#[^\n]*\n?/uy) !== null) return '';
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
        return this.options.dotAll ? '[^]' : '[^\\n]';
      case '^':
        return this.options.multiline ? '(?:^|(?<=\\n)(?=[^]))' : '^';
      case '$':
        return this.options.multiline ? '(?![^\\n])' : '(?=\\n?$)';
      case '|':
      case ')':
        return character;
      default:
        return literal(character.codePointAt(0)!);
    }
  }

  private quantified(quantifier: string): string {
    const suffix = this.take(/[?+]/uy)?.[0] ?? '';
    if (suffix === '+') throw unsupported(`the possessive quantifier ${quantifier}+`);
    return quantifier + suffix;
  }

  private group(): string {
    if (this.take(/\?#[^)]*\)/uy) !== null) return '';
    if (this.source[this.at] === '*') throw unsupported('the verb (*');
    if (this.source[this.at] !== '?') return '(';
    const named = this.take(/\?(?:P?<([A-Za-z_]\w*)>|'([A-Za-z_]\w*)')/uy);
    if (named !== null) return `(?<${named[1] ?? named[2]!}>`;
    const reference = this.take(/\?P=([A-Za-z_]\w*)\)/uy);
    if (reference !== null) return `\\k<${reference[1]!}>`;
    const opening = GROUPS.find((start) => this.source.startsWith(start, this.at - 1));
    if (opening === undefined) throw unsupported(`the group ${this.source.slice(this.at - 1, this.at + 3)}`);
    this.at += opening.length - 1;
    return opening;
  }

  private escape(): string {
    if (this.take(/Q/uy) !== null) return this.quotedText();
    const place = this.take(/[bBAzZRN]/uy);
    if (place !== null) return PLACES[place[0]]!;
    const reference = this.take(/([1-9])(?!\d)|k(?:<(\w+)>|\{(\w+)\}|'(\w+)')/uy);
    if (reference !== null) {
      const name = reference[2] ?? reference[3] ?? reference[4];
      return name === undefined ? `(?:\\${reference[1]!})` : `\\k<${name}>`;
    }
    const atom = this.escapedAtom();
    return 'code' in atom ? literal(atom.code) : atom.set;
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
    if (set !== null) return { set: complementable(set[0]) };
    const property = this.take(/([pP])(?:\{(\^?)([A-Z][a-z]?)\}|([A-Z]))/uy);
    if (property !== null) return { set: propertySet(property) };
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

  private brackets(): string {
    let output = this.take(/\^/uy) === null ? '[' : '[^';
    for (let first = true; first || this.take(/\]/uy) === null; first = false) {
      const low = this.bracketAtom();
      const range = 'code' in low ? this.take(/-(?!\])/uy) : null;
      const high = range === null ? undefined : this.bracketAtom();
      if (high === undefined) output += atomText(low);
      else if ('code' in high) output += `${atomText(low)}-${atomText(high)}`;
      else output += `${atomText(low)}\\-${high.set}`;
    }
    return `${output}]`;
  }

  private bracketAtom(): Atom {
    const posix = this.take(/\[:(\^?)([a-z]+):\]/uy);
    if (posix !== null) return { set: posixSet(posix[2]!, posix[1] !== '') };
    if (this.take(/\\b/uy) !== null) return { code: 8 };
    if (this.take(/\\/uy) !== null) return this.escapedAtom();
    const character = this.take(/[^]/uy)?.[0];
    if (character === undefined) throw malformed('missing terminating ] for character class');
    return { code: character.codePointAt(0)! };
  }
}

function complementable(letter: string): string {
  const inside = SETS[letter.toLowerCase()]!;
  return letter === letter.toLowerCase() ? `[${inside}]` : `[^${inside}]`;
}

function propertySet(found: RegExpExecArray): string {
  const complement = (found[1] === 'P') !== (found[2] === '^');
  return `\\${complement ? 'P' : 'p'}{${found[3] ?? found[4]!}}`;
}

function posixSet(name: string, complement: boolean): string {
  if (!Object.hasOwn(POSIX, name)) throw malformed(`unknown POSIX class name ${name}`);
  return complement ? `[^${POSIX[name]!}]` : `[${POSIX[name]!}]`;
}

function atomText(atom: Atom): string {
  return 'code' in atom ? literal(atom.code) : atom.set;
}

/** A character that stands for itself anywhere in an expression. */
function literal(code: number): string {
  if (code > 0x10ffff) throw malformed('character code point value is too large');
  const character = String.fromCodePoint(code);
  return /[\p{L}\p{N} _]/u.test(character) ? character : `\\u{${code.toString(16)}}`;
}

function malformed(problem: string): StoreError {
  return new StoreError(51091, `Regular expression is invalid: ${problem}`);
}

function unsupported(construct: string): StoreError {
  return new StoreError(238, `${construct} in a regular expression is not supported by this store`);
}
