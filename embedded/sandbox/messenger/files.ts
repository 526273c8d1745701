import { isUtf8 } from 'node:buffer';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileTypeFromBuffer } from 'file-type';
import { newId } from './ids.js';
import type { Ledger } from './ledger.js';
import type { Attachment, FileKind, StoredFile } from './types.js';

const INLINE_KINDS = new Set<FileKind>(['image', 'audio', 'video']);

function kindOf(mimeType: string): FileKind {
  const top = mimeType.split('/')[0];
  return top === 'image' || top === 'audio' || top === 'video' ? top : 'file';
}

function isPlainText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}

/** Bytes that people and the Page sent, one file each in a folder beside the journal. */
export class FileStore {
  private readonly dir: string;

  constructor(
    dataDir: string,
    private readonly ledger: Ledger,
  ) {
    this.dir = join(dataDir, 'files');
    mkdirSync(this.dir, { recursive: true });
  }

  /** Keeps bytes; type and kind come from the content, the name only for what content cannot tell. */
  async save(bytes: Buffer, name: string): Promise<StoredFile> {
    const mimeType =
      (await fileTypeFromBuffer(bytes))?.mime ?? (isPlainText(bytes) ? 'text/plain' : 'application/octet-stream');
    const safeName =
      basename(name)
        .replace(/[^\p{L}\p{N}._ -]/gu, '_')
        .slice(-120) || 'file';
    const file = { id: newId('f'), name: safeName, mimeType, size: bytes.length, kind: kindOf(mimeType) };
    writeFileSync(this.pathOf(file), bytes);
    this.ledger.write({ type: 'file', file });
    return file;
  }

  pathOf(file: StoredFile): string {
    return join(this.dir, file.id);
  }

  /** The attachment that shows a file; `kind` where the sender named one. */
  attachmentOf(file: StoredFile, kind: string = file.kind): Attachment {
    return { type: kind, payload: { url: urlOf(file) }, file };
  }

  clear(): void {
    rmSync(this.dir, { recursive: true, force: true });
    mkdirSync(this.dir, { recursive: true });
  }
}

/** Path under which the sandbox serves a file. */
export function urlOf(file: StoredFile): string {
  return `/files/${file.id}/${encodeURIComponent(file.name)}`;
}

/** Whether a browser may show it in place; everything else is downloaded. */
export function isInline(file: StoredFile): boolean {
  return INLINE_KINDS.has(file.kind);
}
