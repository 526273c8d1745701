import { RE2JS, RE2JSException } from 're2js';
import { testWithin, spend } from './regex-limit.js';
import type { Translation } from './regex-syntax.js';

/** Characters of pattern times characters of text that a simple pattern may be tried on at once. */
const SIMPLE_WORK = 20_000_000;
/** Instructions of a pattern times characters of text up to which the linear engine needs no watch. */
const QUICK_WORK = 20_000;
/** The same up to which it is used at all: some tenths of a second at its worst. */
const LINEAR_WORK = 2_000_000;

/**
 * A compiled pattern that cannot hold the process for long. Simple patterns run on JavaScript's own engine. The others
 * run on one that needs time in proportion to the text, or, where that cannot express them or the text is very long,
 * on JavaScript's under a time limit.
 */
export class Expression {
  private readonly native: RegExp;
  /** Null when the linear engine refuses the pattern, for instance for repetitions above 1,000. */
  private linear: RE2JS | null | undefined;

  /** Throws SyntaxError for a pattern that JavaScript refuses. */
  constructor(
    private readonly translation: Translation,
    private readonly ignoreCase: boolean,
  ) {
    this.native = new RegExp(translation.js, ignoreCase ? 'iv' : 'v');
  }

  /** Whether the pattern matches somewhere in the text. Throws StoreError 51156 when that takes too long. */
  test(text: string): boolean {
    const { js, simple, re2, beforeLastBreak } = this.translation;
    if (simple && text.length * js.length <= SIMPLE_WORK) return this.native.test(text);
    if (re2 === undefined || (beforeLastBreak && text.endsWith('\n'))) return testWithin(this.native, text);
    if (this.linear === undefined) this.linear = compileLinear(re2, this.ignoreCase);
    const { linear } = this;
    if (linear === null) return testWithin(this.native, text);
    const work = linear.programSize() * text.length;
    if (work <= QUICK_WORK) return linear.test(text);
    if (work > LINEAR_WORK) return testWithin(this.native, text);
    return spend(() => linear.test(text));
  }
}

function compileLinear(source: string, ignoreCase: boolean): RE2JS | null {
  try {
    return RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
  } catch (error) {
    if (error instanceof RE2JSException) return null;
    throw error;
  }
}
