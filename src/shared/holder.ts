import type { UserDto } from './schemas/user.js';

/**
 * Whether somebody may be given the conversations of an inbox: whoever is active and sees all of what they would hold.
 * @param memberIds the inbox's members.
 */
export const mayHold = (user: Pick<UserDto, 'id' | 'role' | 'active'>, memberIds: readonly string[]): boolean =>
  user.active && user.role !== 'customer' && (user.role === 'admin' || memberIds.includes(user.id));
