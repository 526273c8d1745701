import { createHash } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import type { Hub } from '../../hub.js';
import { AppError } from '../../errors.js';
import { AttachmentModel, type Attachment } from '../../models/index.js';
import { BlobNotFoundError } from '../../storage/blob-store.js';
import { onStore } from '../../storage/in-transaction.js';
import { baseType, FILE_TYPES } from '../../utils/file-types.js';
import { verifyFilePath } from '../../utils/signed-url.js';
import { allowOtherSites } from '../middleware/security-headers.js';
import { cutOut, parseRange, type ByteRange } from './byte-range.js';

const PATH = /^\/files\/([0-9a-f]{24})$/;

/** Even what is shown runs nothing, loads nothing and has no origin. */
const FILE_POLICY = "sandbox; default-src 'none'";

/** An attachment whose bytes we have. */
type StoredFile = Attachment & { blobKey: string };

/**
 * Serves files by their signed addresses (SPEC 5.2) to every site, because the widget shows them on its host's. Types that a browser
 * shows without running anything come inline, all others as a download of unknown type.
 */
export function files(hub: Hub): Middleware {
  return async (ctx, next) => {
    const id = PATH.exec(ctx.path)?.[1];
    if (id === undefined || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    allowOtherSites(ctx);
    const query = new URLSearchParams(ctx.querystring);
    const now = hub.now();
    if (!verifyFilePath(id, query, { secret: hub.env.JWT_SECRET, now })) throw gone();
    await send(hub, ctx, await findFile(id), Number(query.get('expires')) - now);
  };
}

const gone = (): AppError =>
  new AppError(404, 'NOT_FOUND', 'This file is not here, or its address has expired. Please reload the page.');

async function findFile(id: string): Promise<StoredFile> {
  const file = await onStore(AttachmentModel.findById(id).lean<Attachment>().exec());
  if (file === null || file.state !== 'stored' || typeof file.blobKey !== 'string') throw gone();
  return { ...file, blobKey: file.blobKey };
}

/** @param validFor how long the address still works, in milliseconds. */
async function send(hub: Hub, ctx: Context, file: StoredFile, validFor: number): Promise<void> {
  ctx.status = 200;
  // The bytes under a key never change, so the key stands for them; it stays our secret.
  ctx.set('ETag', `"${createHash('sha256').update(file.blobKey).digest('base64url')}"`);
  if (ctx.fresh) {
    describe(ctx, file, validFor);
    ctx.status = 304;
    return;
  }
  const size = file.size ?? (await hub.blobs.stat(file.blobKey))?.size ?? 0;
  const range = wantedRange(ctx, size);
  const source = ctx.method === 'GET' ? await open(hub, file.blobKey) : null;
  describe(ctx, file, validFor);
  ctx.set('Accept-Ranges', 'bytes');
  if (range !== null) {
    ctx.status = 206;
    ctx.set('Content-Range', `bytes ${range.first}-${range.last}/${size}`);
  }
  if (source !== null) ctx.body = range === null ? source : cutOut(source, range);
  ctx.length = range === null ? size : range.last - range.first + 1;
}

function describe(ctx: Context, file: StoredFile, validFor: number): void {
  const mimeType = baseType(file.mimeType ?? '');
  const inline = FILE_TYPES.get(mimeType)?.inline === true;
  // Browsers disagree about other characters in the plain name; the second one is encoded (RFC 6266, appendix D).
  const fallback = file.name.replace(/[^ -~]/g, '_');
  ctx.attachment(file.name, { type: inline ? 'inline' : 'attachment', fallback });
  const charset = mimeType.startsWith('text/') ? '; charset=utf-8' : '';
  ctx.set('Content-Type', inline ? mimeType + charset : 'application/octet-stream');
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.set('Content-Security-Policy', FILE_POLICY);
  ctx.set('Cache-Control', `private, max-age=${Math.floor(validFor / 1000)}`);
}

/** @throws AppError 416 for a range behind the end. */
function wantedRange(ctx: Context, size: number): ByteRange | null {
  const condition = ctx.get('If-Range');
  if (condition !== '' && condition !== ctx.response.get('ETag')) return null;
  const range = parseRange(ctx.get('Range'), size);
  if (range !== 'unsatisfiable') return range;
  ctx.set('Content-Range', `bytes */${size}`);
  throw new AppError(416, 'RANGE_NOT_SATISFIABLE', 'The file is shorter than that.');
}

async function open(hub: Hub, key: string) {
  try {
    return await hub.blobs.open(key);
  } catch (error) {
    throw error instanceof BlobNotFoundError ? gone() : error;
  }
}
