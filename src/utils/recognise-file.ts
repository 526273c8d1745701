import { isUtf8 } from 'node:buffer';
import { fileTypeFromBuffer } from 'file-type';
import { unsupportedMediaType } from '../errors.js';
import { extensionOf } from './file-name.js';
import { baseType, FILE_TYPES, SCRIPT_EXTENSIONS, type FileType } from './file-types.js';

/** What a file is, by its content. */
export interface RecognisedFile extends FileType {
  mimeType: string;
}

const TAKEN = 'Please send a picture, a PDF, an office document, text, audio or video.';

const refuse = (why: string): Error => unsupportedMediaType(`${why} ${TAKEN}`);

/** Formats that may consist of text alone and are more than that. */
const TEXTUAL = new Set(['application/pdf', 'application/rtf']);

/** Types under another name of ours. */
const SAME_AS: Record<string, string> = { 'image/apng': 'image/png' };

/** How the older office formats call their main stream; the same container also holds installers, which have none of them. */
const LEGACY_OFFICE: readonly (readonly [string, string])[] = [
  ['WordDocument', 'application/msword'],
  ['Workbook', 'application/vnd.ms-excel'],
  ['PowerPoint Document', 'application/vnd.ms-powerpoint'],
];

/** As browsers look at the beginning of a page (WHATWG MIME Sniffing 7.1), a little wider: any tag, comment or declaration. */
const MARKUP = /^\s*<[!?/a-z]/i;

/**
 * Decides what a file is by its bytes; the name decides only which kind of plain text it is.
 * @throws AppError 415, with a sentence for the sender, for everything that is not in FILE_TYPES.
 */
export async function recogniseFile(bytes: Buffer, name: string | null): Promise<RecognisedFile> {
  const sniffed = await sniff(bytes);
  if (!TEXTUAL.has(sniffed) && isUtf8(bytes) && !bytes.includes(0))
    return recogniseText(bytes, extensionOf(name ?? ''));
  const mimeType = sniffed === 'application/x-cfb' ? recogniseLegacyOffice(bytes) : (SAME_AS[sniffed] ?? sniffed);
  const type = FILE_TYPES.get(mimeType);
  if (type !== undefined) return { ...type, mimeType };
  if (mimeType.startsWith('image/'))
    throw unsupportedMediaType('Pictures of this kind are not taken. Please send it as JPEG, PNG, WebP or GIF.');
  if (mimeType === '' && ['txt', 'csv'].includes(extensionOf(name ?? '')))
    throw unsupportedMediaType(
      'The characters of this text cannot be read. Please save it as UTF-8 and send it again.',
    );
  throw refuse('Files of this kind are not taken.');
}

/** The media type that the content shows; empty when it shows none. */
async function sniff(bytes: Buffer): Promise<string> {
  const found = await fileTypeFromBuffer(bytes);
  return baseType(found?.mime ?? '');
}

function recogniseText(bytes: Buffer, extension: string): RecognisedFile {
  const beginning = bytes.subarray(0, 1024).toString('utf8');
  if (MARKUP.test(beginning) || beginning.startsWith('#!') || SCRIPT_EXTENSIONS.has(extension))
    throw refuse('Web pages, drawings in SVG and scripts are not taken.');
  const mimeType = extension === 'csv' ? 'text/csv' : 'text/plain';
  return { ...(FILE_TYPES.get(mimeType) as FileType), mimeType };
}

const recogniseLegacyOffice = (bytes: Buffer): string =>
  LEGACY_OFFICE.find(([stream]) => bytes.includes(Buffer.from(stream, 'utf16le')))?.[1] ?? 'application/x-cfb';
