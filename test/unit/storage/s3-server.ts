import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

interface S3Server {
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}

type S3ServerClass = new (options: {
  port: number;
  address: string;
  silent: boolean;
  directory: string;
  configureBuckets: { name: string }[];
}) => S3Server;

const S3rver = createRequire(import.meta.url)('s3rver') as S3ServerClass;

export interface S3Env {
  DATA_DIR: string;
  S3_BUCKET: string;
  S3_ENDPOINT: string;
  S3_REGION: string;
  S3_ACCESS_KEY_ID: string;
  S3_SECRET_ACCESS_KEY: string;
}

/** A server that speaks S3, with one bucket, on a free port of this machine. It does not check signatures. */
export async function startS3(
  directory: string,
  bucket: string,
): Promise<{ env: (dataDir: string) => S3Env; stop: () => Promise<void> }> {
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: bucket }],
  });
  const { port } = await server.run();
  return {
    env: (dataDir) => ({
      DATA_DIR: dataDir,
      S3_BUCKET: bucket,
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_REGION: 'us-east-1',
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    }),
    stop: () => server.close(),
  };
}
