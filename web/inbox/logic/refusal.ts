import { textFor, type Params, type Words } from '../i18n/instance.js';

/**
 * Why something was not done, kept so that it can be told in whatever language is on screen: a code of `error:`, and the
 * server's own sentence for codes that have no text there.
 */
export interface Refusal {
  code: string;
  message: string;
  params?: Params;
}

/** The reason in words. */
export const refusalText = (words: Words, { code, message, params }: Refusal): string =>
  textFor(words, 'error:', code, params) ?? (message || words.t('error:UNKNOWN'));
