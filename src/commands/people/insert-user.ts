import type { ClientSession } from 'mongoose';
import { conflict } from '../../errors.js';
import { UserModel, type User } from '../../models/index.js';
import type { StaffActor } from '../../policies/index.js';
import type { Hub } from '../../hub.js';

export interface NewUser {
  name: string;
  /** Any case; kept in lower case. */
  email: string;
  passwordHash: string;
  role: StaffActor['role'];
}

/** Adds an account within a transaction. @throws AppError 409 when the e-mail address has one. */
export async function insertUser(hub: Hub, props: NewUser, session: ClientSession): Promise<User> {
  const email = normalizeEmail(props.email);
  const taken = await UserModel.exists({ email }).session(session);
  if (taken !== null) throw conflict('Somebody already has an account with this e-mail address.');
  const [created] = await UserModel.create([{ ...props, email, createdAt: new Date(hub.now()) }], {
    session,
    ordered: true,
  });
  if (created === undefined) throw new Error('The store made no user.');
  return created.toObject<User>();
}

/** How e-mail addresses are stored and looked up. */
export const normalizeEmail = (email: string): string => email.trim().normalize('NFC').toLowerCase();
