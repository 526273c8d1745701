import { conflict } from '../../errors.js';
import { UserModel, type User } from '../../models/index.js';
import type { StaffActor } from '../../policies/index.js';
import type { Act } from '../act.js';

export interface NewUser {
  name: string;
  /** Any case; kept in lower case. */
  email: string;
  passwordHash: string;
  role: StaffActor['role'];
}

/** Adds an account. @throws AppError 409 when the e-mail address has one. */
export async function insertUser({ session, now }: Act, props: NewUser): Promise<User> {
  const email = normalizeEmail(props.email);
  const taken = await UserModel.exists({ email }).session(session);
  if (taken !== null) throw conflict('Somebody already has an account with this e-mail address.');
  const [created] = await UserModel.create([{ ...props, email, createdAt: now }], {
    session,
    ordered: true,
  });
  if (created === undefined) throw new Error('The store made no user.');
  return created.toObject<User>();
}

/** How e-mail addresses are stored and looked up. */
export const normalizeEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();
