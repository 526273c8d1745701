import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import type { ApiAnswer } from '../../../src/shared/schemas/error.js';
import { LIMITS } from '../../../src/shared/limits.js';
import { STRINGS } from '../strings.js';

/** An upload under way. */
export interface RunningUpload {
  /** Resolves with the stored file; rejects with an `UploadError`. */
  done: Promise<AttachmentDto>;
  abort: () => void;
}

/** Why a file was not stored, as a sentence for the visitor. */
export class UploadError extends Error {
  constructor(
    message: string,
    /** The same file would be refused again. */
    readonly final: boolean,
  ) {
    super(message);
  }
}

const tooLarge = STRINGS.errors.fileTooLarge(LIMITS.fileSize / 1024 / 1024);

const REFUSALS: Record<number, string> = { 413: tooLarge, 415: STRINGS.errors.fileType };

function errorOf(status: number): UploadError {
  const refusal = REFUSALS[status];
  if (refusal !== undefined) return new UploadError(refusal, true);
  return new UploadError(status === 429 ? STRINGS.errors.fileBusy : STRINGS.errors.fileOffline, false);
}

function attachmentOf(response: string): AttachmentDto | null {
  try {
    const answer = JSON.parse(response) as ApiAnswer<{ attachment: AttachmentDto }>;
    return answer.success ? answer.data.attachment : null;
  } catch {
    return null;
  }
}

/** Uploads a file of the visitor; `onProgress` is told the share from 0 to 1. XMLHttpRequest, since fetch tells no progress. */
export function uploadFile(
  origin: string,
  token: string,
  file: File,
  onProgress: (share: number) => void,
): RunningUpload {
  if (file.size > LIMITS.fileSize) return { done: Promise.reject(errorOf(413)), abort: () => undefined };
  const request = new XMLHttpRequest();
  const done = new Promise<AttachmentDto>((resolve, reject) => {
    const fail = (): void => reject(errorOf(request.status));
    request.onload = () => {
      const attachment = attachmentOf(request.responseText);
      if (attachment === null) fail();
      else resolve(attachment);
    };
    request.onerror = request.onabort = request.ontimeout = fail;
    request.upload.onprogress = ({ loaded, total }) => onProgress(total === 0 ? 0 : loaded / total);
  });
  const body = new FormData();
  body.append('file', file);
  request.open('POST', `${origin}/api/widget/uploads`);
  request.setRequestHeader('authorization', `Bearer ${token}`);
  request.send(body);
  return { done, abort: () => request.abort() };
}
