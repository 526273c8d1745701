import { join } from 'node:path';
import type { Env } from '../env.js';
import { createFolderBlobStore } from './blob-store-folder.js';
import type { BlobStore } from './blob-store-types.js';

export * from './blob-store-types.js';

type BlobEnv = Pick<
  Env,
  'DATA_DIR' | 'S3_BUCKET' | 'S3_ENDPOINT' | 'S3_REGION' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY'
>;

/** The bucket if one is configured, else `<DATA_DIR>/files`. The S3 client is loaded only when it is needed. */
export async function createBlobStore(env: BlobEnv): Promise<BlobStore> {
  if (env.S3_BUCKET === undefined) return createFolderBlobStore(join(env.DATA_DIR, 'files'));
  const { createS3BlobStore } = await import('./blob-store-s3.js');
  return createS3BlobStore({
    bucket: env.S3_BUCKET,
    region: env.S3_REGION,
    ...(env.S3_ENDPOINT === undefined ? {} : { endpoint: env.S3_ENDPOINT }),
    ...(env.S3_ACCESS_KEY_ID === undefined || env.S3_SECRET_ACCESS_KEY === undefined
      ? {}
      : { credentials: { accessKeyId: env.S3_ACCESS_KEY_ID, secretAccessKey: env.S3_SECRET_ACCESS_KEY } }),
  });
}
