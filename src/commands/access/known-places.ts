import { createHmac, randomUUID } from 'node:crypto';
import { SessionModel, type User } from '../../models/index.js';
import { onStore } from '../../storage/in-transaction.js';
import { limitAddress } from '../../utils/client-address.js';
import { readDeviceToken, signDeviceToken } from '../../utils/tokens.js';
import type { Hub } from '../../hub.js';

/** What a session keeps of the address that it was begun from: comparable for this user, and readable to nobody. */
export const addressMark = (hub: Hub, userId: string, address: string): string =>
  createHmac('sha256', hub.env.JWT_SECRET)
    .update(`address:${userId}:${limitAddress(address)}`)
    .digest('base64url');

/**
 * Whether the user has logged in from the address before; sessions that nobody refreshes are forgotten after 30 days.
 * @throws AppError 503
 */
export async function isKnownAddress(hub: Hub, user: User, address: string): Promise<boolean> {
  const addressHash = addressMark(hub, user._id.toString(), address);
  return (await onStore(SessionModel.exists({ user: user._id, addressHash }).exec())) !== null;
}

/** The id of the user's device that presents this token; null for anything but a genuine token of this user. */
export function deviceOf(hub: Hub, user: User, token: string | null): string | null {
  const claims = token === null ? null : readDeviceToken(token, hub.env.JWT_SECRET, hub.now());
  return claims?.userId === user._id.toString() ? claims.deviceId : null;
}

/** A token by which a device that the user has logged in on is known again; a known device keeps its id. */
export function deviceTokenFor(hub: Hub, user: User, presented: string | null): string {
  const deviceId = deviceOf(hub, user, presented) ?? randomUUID();
  return signDeviceToken({ userId: user._id.toString(), deviceId }, hub.env.JWT_SECRET, hub.now());
}
