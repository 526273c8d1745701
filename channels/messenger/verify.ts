import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ChannelVerificationError } from '../errors.js';
import type { WebhookRequest } from '../types.js';
import type { MessengerEnv } from './types.js';

const SIGNATURE = /^sha256=([0-9a-f]{64})$/i;

/**
 * Checks `X-Hub-Signature-256`: HMAC-SHA256 of the bytes as they came, under the app secret or, while it is being changed,
 * the one before. The older `X-Hub-Signature` (SHA-1) is not looked at. Throws ChannelVerificationError.
 */
export function verifyWebhook(request: WebhookRequest, env: MessengerEnv): void {
  const secrets = [env.META_APP_SECRET, env.META_APP_SECRET_PREVIOUS].filter((secret) => secret !== undefined);
  if (secrets.length === 0)
    throw new ChannelVerificationError('Messenger is not configured: META_APP_SECRET is missing');

  const header = request.headers['x-hub-signature-256'];
  const signature = SIGNATURE.exec(typeof header === 'string' ? header : '')?.[1];
  if (signature === undefined) throw new ChannelVerificationError('X-Hub-Signature-256 is missing or malformed');

  const given = Buffer.from(signature, 'hex');
  const genuine = secrets.filter((secret) =>
    timingSafeEqual(createHmac('sha256', secret).update(request.rawBody).digest(), given),
  );
  if (genuine.length === 0) throw new ChannelVerificationError('the signature does not match the app secret');
}

/** Answers Meta's set-up request (`hub.mode=subscribe`) with its challenge, or null unless the verify token is ours. */
export function answerChallenge(query: URLSearchParams, env: MessengerEnv): string | null {
  const token = query.get('hub.verify_token');
  const challenge = query.get('hub.challenge');
  if (env.META_VERIFY_TOKEN === undefined || token === null || !challenge) return null;
  if (query.get('hub.mode') !== 'subscribe') return null;
  return timingSafeEqual(digest(token), digest(env.META_VERIFY_TOKEN)) ? challenge : null;
}

/** Equal lengths for the constant-time comparison. */
function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
