import { z } from 'zod';

/** The only reader of `process.env` (STYLE 1). */

const EXAMPLE_SECRET = 'change-me';
const flag = z.enum(['true', 'false']).transform((value) => value === 'true');
const limit = (standard: number) => z.coerce.number().int().min(1).default(standard);
const secret = z.string().min(32, 'must be at least 32 characters');

const schema = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  /** `api`: HTTP and sockets; `worker`: queues and sweeps; `all`: both. */
  ROLE: z.enum(['api', 'worker', 'all']).default('all'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** Where browsers and platforms reach us, without a trailing slash. */
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/+$/, '')),
  MONGODB_URI: z.string().regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://'),
  REDIS_URL: z.string().regex(/^rediss?:\/\//, 'must begin with redis:// or rediss://'),
  /** Signs access tokens, visitor tokens and file links. */
  JWT_SECRET: secret,
  /** Encrypts channel credentials at rest: 32 bytes as 64 hex digits. */
  ENCRYPTION_KEY: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits (openssl rand -hex 32)'),
  /** Origins besides our own from which staff pages may call, separated by commas. */
  CORS_ORIGINS: z
    .string()
    .default('')
    .transform((list) =>
      list
        .split(',')
        .map((origin) => origin.trim())
        .filter(Boolean),
    ),
  /** Folder for files when S3 is not configured, and for temporary uploads. */
  DATA_DIR: z.string().default('data'),
  S3_BUCKET: z.string().optional(),
  S3_ENDPOINT: z.url().optional(),
  S3_REGION: z.string().default('us-east-1'),
  S3_ACCESS_KEY_ID: z.string().optional(),
  S3_SECRET_ACCESS_KEY: z.string().optional(),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  /** Shows the demo shop and the demo log-ins. Never in production. */
  DEMO: flag.default(false),
  /** Addresses of proxies in front are trusted for the client's address. */
  TRUST_PROXY: flag.default(false),
  /** Requests per 15 minutes from an address without a log-in, and per signed-in user or visitor. */
  RATE_LIMIT_ANONYMOUS: z.coerce.number().int().min(1).default(100),
  RATE_LIMIT_SIGNED_IN: z.coerce.number().int().min(1).default(1_200),
  /** Files a day, and MiB a day, that one visitor may upload; four times as much from one address. */
  UPLOAD_VISITOR_FILES: z.coerce.number().int().min(1).default(50),
  UPLOAD_VISITOR_MB: z.coerce.number().int().min(10).default(100),
  /** The same for all visitors of one inbox together. */
  UPLOAD_INBOX_FILES: z.coerce.number().int().min(1).default(2_000),
  UPLOAD_INBOX_MB: z.coerce.number().int().min(10).default(2_000),
  /** The same for one member of the team. */
  UPLOAD_STAFF_FILES: z.coerce.number().int().min(1).default(1_000),
  UPLOAD_STAFF_MB: z.coerce.number().int().min(10).default(5_000),
  /** What one visitor may do in a minute, whichever way: write messages, tell of typing, catch up, anything else. */
  RATE_LIMIT_VISITOR_MESSAGES: limit(60),
  RATE_LIMIT_VISITOR_TYPING: limit(120),
  RATE_LIMIT_VISITOR_SYNC: limit(300),
  RATE_LIMIT_VISITOR_OTHER: limit(120),
  /** The same for one member of the team. */
  RATE_LIMIT_STAFF_MESSAGES: limit(300),
  RATE_LIMIT_STAFF_TYPING: limit(300),
  RATE_LIMIT_STAFF_SYNC: limit(3_000),
  RATE_LIMIT_STAFF_OTHER: limit(1_200),
  /** One address may do this many times what one of its visitors or members of the team may. */
  RATE_LIMIT_ADDRESS_FACTOR: limit(20),
  /** New contacts per 15 minutes that strangers of one address may become. */
  RATE_LIMIT_NEW_CONTACTS: limit(100),
  /** Per minute and address: requests for pages and files, webhooks with a wrong signature, requests to verify a webhook. */
  RATE_LIMIT_PAGES: limit(6_000),
  RATE_LIMIT_BAD_WEBHOOKS: limit(600),
  RATE_LIMIT_WEBHOOK_VERIFY: limit(10),
  /** Open connections of one address, and sockets of one visitor, on each process. */
  SOCKETS_PER_ADDRESS: limit(200),
  SOCKETS_PER_VISITOR: limit(10),
  /** Tests only: `<point>:<hit>:<marker file>` kills this process at that point (DESIGN 12). */
  CRASH_AT: z.string().optional(),
  /** Tests only: a file that says by how many milliseconds the hub's clock is ahead. */
  CLOCK_FILE: z.string().optional(),
  /** Tests only: `off` takes the sweep out. */
  SWEEP: z.enum(['on', 'off']).default('on'),
});

export type Env = Readonly<z.infer<typeof schema>> & {
  /** What each channel reads of the environment, by channel name. */
  readonly channels: Readonly<Record<string, unknown>>;
};

/** A setting is missing or wrong; the message names every one of them and nothing else. */
export class EnvError extends Error {
  override readonly name = 'EnvError';
}

const describe = (error: z.ZodError): string =>
  error.issues.map((issue) => `  ${issue.path.join('.') || 'environment'}: ${issue.message}`).join('\n');

/**
 * Reads and checks the environment, including each channel's own settings.
 * @throws EnvError naming every bad variable; in production also for example secrets and the demo switch.
 */
export function loadEnv(
  channels: Iterable<{ name: string; envSchema: z.ZodType }>,
  source: Record<string, string | undefined> = process.env,
): Env {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = schema.safeParse(present);
  if (!parsed.success) throw new EnvError(`These settings are missing or wrong:\n${describe(parsed.error)}`);
  const env = parsed.data;
  if (env.NODE_ENV === 'production') refuseDemoSettings(env);

  const channelEnv: Record<string, unknown> = {};
  for (const channel of channels) {
    const own = channel.envSchema.safeParse(present);
    if (!own.success) throw new EnvError(`These settings are missing or wrong:\n${describe(own.error)}`);
    channelEnv[channel.name] = Object.freeze(own.data as object);
  }
  return Object.freeze({ ...env, channels: Object.freeze(channelEnv) });
}

function refuseDemoSettings(env: z.infer<typeof schema>): void {
  const problems: string[] = [];
  if (env.DEMO) problems.push('  DEMO: must be false in production');
  if (env.JWT_SECRET.includes(EXAMPLE_SECRET))
    problems.push('  JWT_SECRET: is still the example (openssl rand -hex 32)');
  if (/^(.)\1+$/.test(env.ENCRYPTION_KEY))
    problems.push('  ENCRYPTION_KEY: is still the example (openssl rand -hex 32)');
  if (!env.PUBLIC_URL.startsWith('https://')) problems.push('  PUBLIC_URL: must be https:// in production');
  if (env.CRASH_AT !== undefined) problems.push('  CRASH_AT: is for tests only');
  if (env.CLOCK_FILE !== undefined) problems.push('  CLOCK_FILE: is for tests only');
  if (env.SWEEP === 'off') problems.push('  SWEEP: must be on in production');
  if (problems.length > 0) throw new EnvError(`These settings are not fit for production:\n${problems.join('\n')}`);
}
