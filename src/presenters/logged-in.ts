import type { User } from '../models/index.js';
import type { UserDto } from '../shared/schemas/user.js';
import { presentUser } from './user.js';

/** What a client gets when it has logged in or refreshed. */
export const presentLoggedIn = ({
  accessToken,
  refreshToken,
  user,
}: {
  accessToken: string;
  refreshToken: string;
  user: User;
}): { accessToken: string; refreshToken: string; user: UserDto } => ({
  accessToken,
  refreshToken,
  user: presentUser(user),
});
