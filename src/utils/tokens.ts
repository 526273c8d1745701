import { createHash, createHmac, randomBytes } from 'node:crypto';
import jwt from 'jsonwebtoken';

/** Lifetimes in milliseconds (SPEC 3.1, 3.3). */
export const TOKEN_LIFETIME = {
  access: 15 * 60_000,
  /** A session that is not refreshed for this long has ended. */
  refresh: 30 * 24 * 3_600_000,
  visitor: 365 * 24 * 3_600_000,
  /** A device is known again until a year after its last log-in. */
  device: 365 * 24 * 3_600_000,
} as const;

const ALGORITHM = 'HS256';
const STAFF = 'staff';
const VISITOR = 'visitor';
const DEVICE = 'device';

/** What an access token says. It names no role: rights are read when they are needed. Times in milliseconds. */
export interface AccessClaims {
  userId: string;
  sessionId: string;
  expiresAt: number;
}

/** What a visitor token says: it is worth something in one inbox only, and for one epoch of its identity. */
export interface VisitorClaims {
  identityId: string;
  inboxId: string;
  /** `tokenEpoch` of the identity when it was signed; 0 in a token that names none. */
  epoch: number;
  expiresAt: number;
}

/** What a device token says: this user has logged in on this device. It opens nothing. */
export interface DeviceClaims {
  userId: string;
  deviceId: string;
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

function sign(audience: string, claims: object, lifetime: number, secret: string, now: number): string {
  const payload = { ...claims, iat: seconds(now), exp: seconds(now + lifetime) };
  return jwt.sign(payload, secret, { algorithm: ALGORITHM, audience });
}

function verify(
  audience: string,
  token: string,
  secret: string,
  now: number,
  ignoreExpiration: boolean,
): jwt.JwtPayload | null {
  try {
    const options = { algorithms: [ALGORITHM as jwt.Algorithm], audience, clockTimestamp: seconds(now) };
    const claims = jwt.verify(token, secret, { ...options, ignoreExpiration });
    return typeof claims === 'string' || typeof claims.exp !== 'number' ? null : claims;
  } catch {
    return null;
  }
}

/** A token for the staff API and `/agent`, valid for 15 minutes. */
export const signAccessToken = (
  claims: Pick<AccessClaims, 'userId' | 'sessionId'>,
  secret: string,
  now: number,
): string => sign(STAFF, { sub: claims.userId, sid: claims.sessionId }, TOKEN_LIFETIME.access, secret, now);

/** What a genuine access token says; null for any other text. `ignoreExpiration` serves rate limits only. */
export function readAccessToken(
  token: string,
  secret: string,
  now: number,
  options: { ignoreExpiration?: boolean } = {},
): AccessClaims | null {
  const claims = verify(STAFF, token, secret, now, options.ignoreExpiration ?? false);
  if (typeof claims?.sub !== 'string' || typeof claims['sid'] !== 'string') return null;
  return { userId: claims.sub, sessionId: claims['sid'], expiresAt: (claims.exp ?? 0) * 1000 };
}

/** A visitor's token, valid for a year in one inbox. */
export const signVisitorToken = (
  claims: Pick<VisitorClaims, 'identityId' | 'inboxId' | 'epoch'>,
  secret: string,
  now: number,
): string =>
  sign(
    VISITOR,
    { sub: claims.identityId, inbox: claims.inboxId, epoch: claims.epoch },
    TOKEN_LIFETIME.visitor,
    secret,
    now,
  );

/** What a genuine visitor token says; null for any other text. */
export function readVisitorToken(token: string, secret: string, now: number): VisitorClaims | null {
  const claims = verify(VISITOR, token, secret, now, false);
  if (typeof claims?.sub !== 'string' || typeof claims['inbox'] !== 'string') return null;
  const epoch: unknown = claims['epoch'] ?? 0;
  if (typeof epoch !== 'number') return null;
  return { identityId: claims.sub, inboxId: claims['inbox'], epoch, expiresAt: (claims.exp ?? 0) * 1000 };
}

/** A token that a device keeps after a log-in, so that failures of strangers elsewhere do not count against it. */
export const signDeviceToken = (claims: DeviceClaims, secret: string, now: number): string =>
  sign(DEVICE, { sub: claims.userId, did: claims.deviceId }, TOKEN_LIFETIME.device, secret, now);

/** What a genuine device token says; null for any other text. */
export function readDeviceToken(token: string, secret: string, now: number): DeviceClaims | null {
  const claims = verify(DEVICE, token, secret, now, false);
  if (typeof claims?.sub !== 'string' || typeof claims['did'] !== 'string') return null;
  return { userId: claims.sub, deviceId: claims['did'] };
}

/** The first refresh token of a session. */
export const newRefreshToken = (): string => randomBytes(32).toString('base64url');

/**
 * The refresh token that follows another. Computed, so that two tabs which refresh with the same token within the grace time get
 * the same successor, although the store knows hashes only; neither a copy of the store nor the secret alone yields it.
 */
export const nextRefreshToken = (token: string, secret: string): string =>
  createHmac('sha256', secret).update(`refresh:${token}`).digest('base64url');

/** What the store keeps of a refresh token. */
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');
