import { AppError, unsupportedMediaType } from '../errors.js';
import { recogniseFile, type RecognisedFile } from './recognise-file.js';
import { stripMetadata } from './strip-metadata.js';

/** The type of bytes that are given out as a download and never shown. */
export const OPAQUE_TYPE = 'application/octet-stream';

/** A file as it may be stored. */
export interface PreparedFile extends RecognisedFile {
  bytes: Buffer;
}

/**
 * The one way of files into the store, whoever brings them (SPEC 5.2): the type is what the content shows, and pictures lose
 * their metadata.
 * @throws AppError 415, with a sentence for the sender, for a type that is not taken or a damaged picture.
 */
export async function prepareFile(bytes: Buffer, name: string | null): Promise<PreparedFile> {
  const recognised = await recogniseFile(bytes, name);
  const clean = stripMetadata(bytes, recognised.mimeType);
  if (clean === null)
    throw unsupportedMediaType('This picture is damaged. Please open it, save it anew and send it again.');
  return { ...recognised, bytes: clean };
}

/** The same for a file whose sender cannot be asked for another: what would be refused is kept as a download of unknown type. */
export async function prepareForeignFile(
  bytes: Buffer,
  name: string | null,
): Promise<Pick<PreparedFile, 'bytes' | 'mimeType'>> {
  try {
    return await prepareFile(bytes, name);
  } catch (error) {
    if (error instanceof AppError) return { bytes, mimeType: OPAQUE_TYPE };
    throw error;
  }
}
