import { z } from 'zod';

/** An unset variable and an empty one mean the same in env files. */
const optionalText = z.preprocess(
  (value) => (typeof value === 'string' && value.trim() === '' ? undefined : value),
  z.string().trim().optional(),
);

/**
 * What the installation needs. The app's values may be absent: then every webhook and every send is refused, and the rest
 * of the hub runs.
 */
export const envSchema = z.object({
  META_APP_ID: optionalText,
  META_APP_SECRET: optionalText,
  /** The secret before the last change; signatures made with either are accepted. */
  META_APP_SECRET_PREVIOUS: optionalText,
  META_VERIFY_TOKEN: optionalText,
  GRAPH_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://graph.facebook.com')
    .transform((url) => url.replace(/\/+$/, '')),
  GRAPH_VERSION: z
    .string()
    .regex(/^v\d+\.\d+$/, 'must look like v25.0')
    .default('v25.0'),
  /** Comma-separated; a host counts with everything below it, and with a port for that port alone. */
  META_ATTACHMENT_HOSTS: z
    .string()
    .default('fbcdn.net,fbsbx.com')
    .transform((hosts) =>
      hosts
        .split(',')
        .map((host) => host.trim().toLowerCase())
        .filter((host) => host !== ''),
    ),
});

/** What one Page needs; stored encrypted. */
export const configSchema = z.strictObject({
  /** Page access token of somebody with the MESSAGE task. */
  accessToken: z.string().trim().regex(/^\S+$/, 'must be a Page access token'),
});
