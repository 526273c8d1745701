import { cleanLine, shorten } from '../shared/clean-name.js';
import { KNOWN_EXTENSIONS } from './file-types.js';

/** Longest name of a file that we keep. Characters (UTF-16 units). */
export const MAX_FILE_NAME = 120;

/** What a name is called that has nothing left. */
const NAMELESS = 'file';

/** Means something to a file system of those who save it. */
const RESERVED = /[<>:"|?*]/g;

/** The extension of a name in lower case, without the dot; empty when it has none. */
export function extensionOf(name: string): string {
  return /[^./\\]\.([A-Za-z0-9]{1,10})\s*$/.exec(name)?.[1]?.toLowerCase() ?? '';
}

/** A file name without folders, without what nobody sees and without what file systems refuse; may be empty. */
export function shownFileName(claimed: string): string {
  const last = claimed.split(/[/\\]/).at(-1) ?? '';
  return cleanLine(last)
    .replace(RESERVED, '_')
    .replace(/^[. ]+|[. ]+$/g, '');
}

/**
 * A sender's file name as it may be shown and saved: no folders, nothing invisible, at most MAX_FILE_NAME long, and with an
 * extension that fits the content.
 * @param claimed what the sender called it; null when they did not.
 * @param extensions that fit, without the dot; the first is used when the name has none of them.
 */
export function cleanFileName(claimed: string | null, extensions: readonly [string, ...string[]]): string {
  const name = shownFileName(claimed ?? '');
  const given = extensionOf(name);
  const fits = extensions.includes(given);
  const stem = KNOWN_EXTENSIONS.has(given) ? name.slice(0, -given.length - 1) : name;
  const extension = fits ? name.slice(-given.length) : extensions[0];
  const room = MAX_FILE_NAME - extension.length - 1;
  return `${shorten(stem, room).replace(/[. ]+$/, '') || NAMELESS}.${extension}`;
}
