import type { IncomingMessage } from 'node:http';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import formidable, { errors, multipart, type Fields, type Files } from 'formidable';
import { tooLarge, unavailable, validationError, type AppError } from '../../errors.js';
import { LIMITS } from '../../shared/limits.js';
import { machineTime } from '../../utils/clock.js';
import { bodyFault } from '../on-error.js';

/** A file as its sender described it. */
export interface ReceivedFile {
  /** Null when the sender gave none. */
  name: string | null;
  bytes: Buffer;
}

/** The only field of the form. */
const FIELD = 'file';
/** What a form with one file may need besides the file. Bytes. */
const FORM_OVERHEAD = 16 * 1024;
/** Fields besides the file are refused by name, so a few are read. */
const MAX_FIELDS = 10;
/** What a killed process left is removed after this long; no request lasts as long. Milliseconds. */
const ABANDONED_AFTER = 60 * 60 * 1000;

const fileTooLarge = (): AppError => tooLarge(`A file may have at most ${LIMITS.fileSize / 1024 / 1024} MB.`);
const wrongFile = (message: string): AppError => validationError([{ field: FIELD, message }]);

/**
 * Reads the one file of a multipart form. It passes through a folder of its own below `folder`, so that slow senders take no memory;
 * the folder is gone afterwards, whatever happens.
 * @throws AppError 400 unless there is exactly one file, not empty, and nothing else; 413 above LIMITS.fileSize; 503 when there is
 * no room for it.
 */
export async function receiveFile(request: IncomingMessage, folder: string): Promise<ReceivedFile> {
  if (Number(request.headers['content-length'] ?? 0) > LIMITS.fileSize + FORM_OVERHEAD) throw fileTooLarge();
  const own = await makeFolder(folder);
  try {
    const { fields, files } = await parse(request, own);
    const file = onlyFile(fields, files);
    return { name: file.originalFilename, bytes: await readFile(file.filepath) };
  } finally {
    await rm(own, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function makeFolder(folder: string): Promise<string> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeAbandoned(folder);
    return await mkdtemp(join(folder, 'upload-'));
  } catch (error) {
    throw unavailable(error);
  }
}

async function parse(request: IncomingMessage, uploadDir: string): Promise<{ fields: Fields; files: Files }> {
  // Only this plugin: the others look for their names anywhere in the content type, even within a random boundary.
  const form = formidable({
    enabledPlugins: [multipart],
    uploadDir,
    maxFiles: 1,
    maxFileSize: LIMITS.fileSize,
    maxTotalFileSize: LIMITS.fileSize,
    maxFields: MAX_FIELDS,
    maxFieldsSize: FORM_OVERHEAD,
  });
  try {
    const [fields, files] = await form.parse(request);
    return { fields, files };
  } catch (error) {
    const fault = faultOf(error, request);
    // The parser leaves the request paused; what is still on its way has to be read for the sender to see the answer.
    request.resume();
    throw fault;
  }
}

function faultOf(error: unknown, request: IncomingMessage): AppError {
  const { code } = error as { code?: unknown };
  switch (code) {
    case errors.biggerThanMaxFileSize:
    case errors.biggerThanTotalMaxFileSize:
      return fileTooLarge();
    case errors.maxFilesExceeded:
      return wrongFile('Send one file at a time.');
    case errors.noEmptyFiles:
    case errors.smallerThanMinFileSize:
      return wrongFile('This file is empty.');
  }
  // Faults of the file system carry names, those of the form numbers.
  return typeof code === 'string' && !request.destroyed ? unavailable(error) : bodyFault(error);
}

function onlyFile(fields: Fields, files: Files): formidable.File {
  const strangers = [...Object.keys(fields), ...Object.keys(files)].filter((name) => name !== FIELD);
  if (strangers.length > 0) throw validationError(strangers.map((field) => ({ field, message: 'is not known here' })));
  const [file] = files[FIELD] ?? [];
  if (file === undefined) throw wrongFile('Send a file in this field, with its name and type.');
  return file;
}

async function removeAbandoned(folder: string): Promise<void> {
  const limit = machineTime() - ABANDONED_AFTER;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < limit) await rm(path, { recursive: true, force: true });
  }
}
