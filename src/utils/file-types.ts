import { supportedExtensions } from 'file-type';

/** How a file is shown. */
export type FileKind = 'image' | 'video' | 'audio' | 'file';

/** A type of file that people may send. */
export interface FileType {
  kind: FileKind;
  /** Without the dot; the first is given to files that have none of them. */
  extensions: readonly [string, ...string[]];
  /** A browser may show it in a page of ours: nothing in it can act on our origin. */
  inline: boolean;
}

const shown = (kind: FileKind, ...extensions: [string, ...string[]]): FileType => ({ kind, extensions, inline: true });
const saved = (...extensions: [string, ...string[]]): FileType => ({ kind: 'file', extensions, inline: false });

/**
 * What people may send (SPEC 5.2), by media type. Pictures only in formats whose metadata we can take out; no archives, no
 * office documents with macros, nothing that a browser would run.
 */
export const FILE_TYPES: ReadonlyMap<string, FileType> = new Map([
  ['image/jpeg', shown('image', 'jpg', 'jpeg', 'jpe', 'jfif')],
  ['image/png', shown('image', 'png', 'apng')],
  ['image/gif', shown('image', 'gif')],
  ['image/webp', shown('image', 'webp')],
  ['image/bmp', shown('image', 'bmp')],
  ['video/mp4', shown('video', 'mp4', 'm4v')],
  ['video/x-m4v', shown('video', 'm4v', 'mp4')],
  ['video/quicktime', shown('video', 'mov', 'qt')],
  ['video/webm', shown('video', 'webm')],
  ['video/ogg', shown('video', 'ogv', 'ogg')],
  ['video/3gpp', shown('video', '3gp')],
  ['audio/mpeg', shown('audio', 'mp3')],
  ['audio/mp4', shown('audio', 'm4a', 'mp4')],
  ['audio/x-m4a', shown('audio', 'm4a')],
  ['audio/aac', shown('audio', 'aac')],
  ['audio/ogg', shown('audio', 'ogg', 'oga', 'opus')],
  ['audio/wav', shown('audio', 'wav')],
  ['audio/flac', shown('audio', 'flac')],
  ['audio/amr', shown('audio', 'amr')],
  ['application/pdf', shown('file', 'pdf')],
  ['text/plain', shown('file', 'txt', 'log', 'md', 'json', 'tsv', 'yml', 'yaml', 'ini', 'ics', 'vcf')],
  ['text/csv', saved('csv')],
  ['application/rtf', saved('rtf')],
  ['application/msword', saved('doc', 'dot')],
  ['application/vnd.ms-excel', saved('xls', 'xlt')],
  ['application/vnd.ms-powerpoint', saved('ppt', 'pps', 'pot')],
  ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', saved('docx')],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', saved('xlsx')],
  ['application/vnd.openxmlformats-officedocument.presentationml.presentation', saved('pptx')],
  ['application/vnd.oasis.opendocument.text', saved('odt')],
  ['application/vnd.oasis.opendocument.spreadsheet', saved('ods')],
  ['application/vnd.oasis.opendocument.presentation', saved('odp')],
]);

/** Text under one of these names is a web page or a program, whatever it says inside. */
export const SCRIPT_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    'htm html xhtml shtml xht mht mhtml svg xml xsl xslt hta js mjs cjs jsx ts tsx vbs vbe wsf wsh wsc sct bat cmd com ' +
    'ps1 psm1 psd1 sh bash zsh csh ksh fish command py pyw rb pl pm php phtml phar jsp jspx asp aspx cgi lua tcl reg inf ' +
    'scf url desktop webloc jnlp applescript scpt ahk au3 lnk'
  ).split(' '),
);

const EXECUTABLE_EXTENSIONS = ['exe', 'dll', 'scr', 'msi', 'msp', 'cpl', 'pif', 'bin', 'app', 'jar', 'apk'];

/** Extensions that say what a file is, and are wrong on any other; others, as in `report.v2`, are part of the name. */
export const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  ...supportedExtensions,
  ...SCRIPT_EXTENSIONS,
  ...EXECUTABLE_EXTENSIONS,
  ...[...FILE_TYPES.values()].flatMap(({ extensions }) => extensions),
]);

/** A media type without its parameters, in lower case. */
export const baseType = (mimeType: string): string => (mimeType.split(';')[0] ?? '').trim().toLowerCase();
