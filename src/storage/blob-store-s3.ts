import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { assertBlobKey, BlobNotFoundError, BlobSizeError, type BlobStore } from './blob-store-types.js';

/** How the bucket is reached. Without an access key the SDK looks for one where it always does (role, profile). */
export interface S3Settings {
  bucket: string;
  region: string;
  endpoint?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/** A stream is collected before it is sent, so that a failed request can be repeated; more bytes than this are refused. */
const MAX_COLLECTED = 64 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 2_000;
const SILENCE_TIMEOUT_MS = 15_000;

const isMissing = (error: unknown): boolean =>
  error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;

/** Files in a bucket of S3 or a store that speaks its protocol. */
export function createS3BlobStore(settings: S3Settings): BlobStore {
  const client = createClient(settings);
  const at = (key: string): { Bucket: string; Key: string } => {
    assertBlobKey(key);
    return { Bucket: settings.bucket, Key: key };
  };

  return {
    async put(key, body, options) {
      const target = at(key);
      const bytes = Buffer.isBuffer(body) ? body : await collect(body, options.size);
      await client.send(
        new PutObjectCommand({ ...target, Body: bytes, ContentType: options.mimeType, ContentLength: bytes.length }),
      );
    },
    async open(key) {
      try {
        const { Body } = await client.send(new GetObjectCommand(at(key)));
        if (!(Body instanceof Readable)) throw new BlobNotFoundError(key);
        return Body;
      } catch (error) {
        throw isMissing(error) ? new BlobNotFoundError(key, { cause: error }) : error;
      }
    },
    async stat(key) {
      try {
        const { ContentLength } = await client.send(new HeadObjectCommand(at(key)));
        return { size: ContentLength ?? 0 };
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async delete(key) {
      await client.send(new DeleteObjectCommand(at(key)));
    },
  };
}

/** S3-compatible servers may store the default checksums' framing bytes inside the file, so checksums only where required. */
const createClient = (settings: S3Settings): S3Client =>
  new S3Client({
    region: settings.region,
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, socketTimeout: SILENCE_TIMEOUT_MS },
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
    ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
  });

async function collect(body: Readable, announced: number | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_COLLECTED) throw new BlobSizeError(`more than ${MAX_COLLECTED} bytes`);
    chunks.push(chunk);
  }
  if (announced !== undefined && announced !== size)
    throw new BlobSizeError(`${size} bytes came, ${announced} were announced`);
  return Buffer.concat(chunks);
}
