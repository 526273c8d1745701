import { z } from 'zod';
import { email, oneUser, password, personName, staffRole, userDto } from './user.js';

/** Tokens of a session and who they are for. */
export const loggedIn = z.strictObject({ accessToken: z.string(), refreshToken: z.string(), user: userDto });
export type LoggedIn = z.infer<typeof loggedIn>;

export const logInInput = z.strictObject({ email, password });
export const refreshInput = z.strictObject({ refreshToken: z.string().min(1).max(200) });

/** Who the caller is. */
export const whoAmI = oneUser.extend({ scopeRev: z.number().int() });
export type WhoAmI = z.infer<typeof whoAmI>;

/** What a socket without a token authenticates itself with. */
export const socketAuthInput = z.union([
  z.strictObject({ token: z.string().min(1) }),
  z.strictObject({ email: z.string().min(3).max(320), password: z.string().min(1).max(200) }),
]);

/** Tokens a socket gets when it authenticates itself after connecting; no refresh token for one that brought a token. */
export const authSuccess = loggedIn.extend({ refreshToken: z.string().nullable() });
export type AuthSuccess = z.infer<typeof authSuccess>;

const demoLogin = z.strictObject({ role: staffRole, email: z.string(), password: z.string() });
/** A log-in that a demo shows to everybody. */
export type DemoLogin = z.infer<typeof demoLogin>;

/** Whether the first admin is still to be made. */
export const setUpState = z.strictObject({ needed: z.boolean(), demoLogins: z.array(demoLogin).optional() });
export type SetUpState = z.infer<typeof setUpState>;

/** `code`: what every start prints until there is an admin. */
export const setUpInput = z.strictObject({ code: z.string().min(1).max(100), name: personName, email, password });
export type SetUpInput = z.input<typeof setUpInput>;
