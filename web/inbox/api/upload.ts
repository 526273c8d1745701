import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import { unreachable } from './failure.js';
import { readAnswer, type HttpClient } from './http.js';

/**
 * Uploads one file. `onProgress` hears shares from 0 to 1. XMLHttpRequest, because fetch does not tell the progress of a
 * request. Throws ApiFailure; an aborted upload rejects as unreachable.
 */
export async function uploadFile(
  http: HttpClient,
  file: File,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<AttachmentDto> {
  const { attachment } = await http.withToken((token) => post(token, file, onProgress, signal));
  return attachment;
}

function post(token: string, file: File, onProgress: (share: number) => void, signal: AbortSignal) {
  return new Promise<{ attachment: AttachmentDto }>((resolve, reject) => {
    const request = new XMLHttpRequest();
    const form = new FormData();
    form.set('file', file);
    request.open('POST', '/api/uploads');
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener('load', () => {
      try {
        resolve(readAnswer(request.status, request.responseText, request.getResponseHeader('Retry-After')));
      } catch (error) {
        reject(error instanceof Error ? error : unreachable());
      }
    });
    for (const end of ['error', 'abort', 'timeout'] as const)
      request.addEventListener(end, () => reject(unreachable()));
    signal.addEventListener('abort', () => request.abort());
    request.send(form);
  });
}
