import { z } from 'zod';
import { cleanLine } from '../clean-name.js';
import { AVAILABILITIES, ROLES, STAFF_ROLES } from '../words.js';

export const userDto = z.strictObject({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  availability: z.enum(AVAILABILITIES),
  active: z.boolean(),
});
export type UserDto = z.infer<typeof userDto>;

export const oneUser = z.strictObject({ user: userDto });
export const userList = z.strictObject({ items: z.array(userDto) });

export const personName = z.string().overwrite(cleanLine).min(1, 'is needed').max(100);
export const email = z.email('is not an e-mail address').max(254);
/** Checked for length in bytes by the password module; bounded here so that nobody makes us hash a megabyte. */
export const password = z.string().max(200);
export const staffRole = z.enum(STAFF_ROLES);
export type StaffRole = z.infer<typeof staffRole>;

export const newUser = z.strictObject({ name: personName, email, password, role: staffRole });
export type NewUser = z.infer<typeof newUser>;

export const userChanges = z.strictObject({
  name: personName.exactOptional(),
  role: staffRole.exactOptional(),
  active: z.boolean().exactOptional(),
});
export type UserChanges = z.infer<typeof userChanges>;

export const availabilityInput = z.strictObject({ status: z.enum(AVAILABILITIES) });
