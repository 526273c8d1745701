import type { User } from '../models/index.js';
import type { UserDto } from '../shared/schemas/user.js';

/** A user as staff see them. */
export const presentUser = (user: User): UserDto => ({
  id: user._id.toString(),
  name: user.name,
  email: user.email,
  role: user.role,
  availability: user.availability,
  active: user.active,
});
