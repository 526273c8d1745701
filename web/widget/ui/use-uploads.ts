import { useRef, useState } from 'preact/hooks';
import type { AttachmentDto } from '../../../src/shared/schemas/attachment.js';
import { LIMITS } from '../../../src/shared/limits.js';
import { STRINGS } from '../strings.js';
import { UploadError, uploadFile } from './upload-file.js';

/** A file that is to go with the next message. */
export interface Upload {
  readonly id: number;
  readonly file: File;
  /** From 0 to 1. */
  readonly share: number;
  readonly attachment: AttachmentDto | null;
  readonly error: UploadError | null;
}

/** The files of the next message, and what can be done with them. */
export interface Uploads {
  list: readonly Upload[];
  /** A sentence when files were left out. */
  notice: string | null;
  add: (files: readonly File[]) => void;
  remove: (id: number) => void;
  retry: (id: number) => void;
  clear: () => void;
}

/** Uploads files as soon as they are attached; `token` is asked for at each start. */
export function useUploads(origin: string, token: () => string | null): Uploads {
  const [list, setList] = useState<readonly Upload[]>([]);
  const [notice, setNotice] = useState<string | null>(null);
  const abortsRef = useRef(new Map<number, () => void>());
  const lastIdRef = useRef(0);

  const patch = (id: number, part: Partial<Upload>): void =>
    setList((uploads) => uploads.map((upload) => (upload.id === id ? { ...upload, ...part } : upload)));

  const begin = (id: number, file: File): void => {
    const current = token();
    if (current === null) {
      patch(id, { error: new UploadError(STRINGS.errors.fileOffline, false) });
      return;
    }
    const running = uploadFile(origin, current, file, (share) => patch(id, { share }));
    abortsRef.current.set(id, running.abort);
    running.done.then(
      (attachment) => patch(id, { attachment, share: 1 }),
      (error: UploadError) => patch(id, { error }),
    );
  };

  const add = (files: readonly File[]): void => {
    const room = LIMITS.filesPerMessage - list.length;
    setNotice(files.length > room ? STRINGS.tooManyFiles(LIMITS.filesPerMessage) : null);
    const added = files.slice(0, room).map((file): Upload => {
      return { id: ++lastIdRef.current, file, share: 0, attachment: null, error: null };
    });
    setList((uploads) => [...uploads, ...added]);
    for (const { id, file } of added) begin(id, file);
  };

  const remove = (id: number): void => {
    setNotice(null);
    setList((uploads) => uploads.filter((upload) => upload.id !== id));
    abortsRef.current.get(id)?.();
    abortsRef.current.delete(id);
  };

  const retry = (id: number): void => {
    const upload = list.find((candidate) => candidate.id === id);
    if (upload === undefined) return;
    patch(id, { error: null, share: 0 });
    begin(id, upload.file);
  };

  const clear = (): void => {
    setNotice(null);
    setList([]);
    abortsRef.current.clear();
  };

  return { list, notice, add, remove, retry, clear };
}
