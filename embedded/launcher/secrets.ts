import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { SECRETS_FILE } from './data-dir.js';
import { readJson, writePrivateJson } from './private-file.js';

/** What is made once per data folder and kept. */
export interface Secrets {
  jwtSecret: string;
  encryptionKey: string;
  redisPassword: string;
  storePassword: string;
  /** The app and the Page that the Messenger sandbox plays. */
  messenger: { appId: string; appSecret: string; verifyToken: string; pageId: string; pageToken: string };
}

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

/** Ids of apps and Pages are 15 digits and more on the real platform, too. */
const platformId = (): string => `${randomInt(100_000, 999_999)}${randomInt(100_000_000, 999_999_999)}`;

/** The folder's secrets. Those it lacks are made: all at the first start, those of a newer version later. */
export function loadSecrets(dataDir: string): Secrets {
  const file = join(dataDir, SECRETS_FILE);
  const known = readJson<Partial<Secrets>>(file) ?? {};
  const secrets = { ...createSecrets(), ...known };
  if (Object.keys(secrets).some((name) => !(name in known))) writePrivateJson(file, secrets);
  return secrets;
}

const createSecrets = (): Secrets => ({
  jwtSecret: hex(32),
  encryptionKey: hex(32),
  redisPassword: hex(16),
  storePassword: hex(16),
  messenger: {
    appId: platformId(),
    appSecret: hex(16),
    verifyToken: hex(16),
    pageId: platformId(),
    pageToken: `EAA${hex(32)}`,
  },
});
