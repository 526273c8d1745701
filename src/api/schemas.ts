import { z } from 'zod';
import type { CustomerConversationDto, InboxDto, UserDto } from '../shared/dto.js';
import { cleanLine } from '../utils/clean-name.js';
import { CONVERSATION_STATUSES } from '../shared/conversation-status.js';

/** Schemas that several resources share: what leaves as `src/shared/dto.ts` says, and fields that people type. */

export const personName = z.string().overwrite(cleanLine).min(1, 'is needed').max(100);
export const email = z.email('is not an e-mail address').max(254);
/** Checked for length in bytes by the password module; bounded here so that nobody makes us hash a megabyte. */
export const password = z.string().max(200);
export const staffRole = z.enum(['admin', 'supervisor', 'agent']);

const milliseconds = z.number().int();

export const userDto = z.strictObject({
  id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(['admin', 'supervisor', 'agent', 'customer']),
  availability: z.enum(['available', 'busy', 'away', 'offline']),
  active: z.boolean(),
}) satisfies z.ZodType<UserDto>;

export const inboxDto = z.strictObject({
  id: z.string(),
  channel: z.string(),
  name: z.string(),
  key: z.string(),
  state: z.enum(['connected', 'needs_reauthorisation', 'disconnected']),
  allowedOrigins: z.array(z.string()),
  memberIds: z.array(z.string()),
  hold: z.strictObject({ reason: z.string(), until: milliseconds.nullable() }).nullable(),
  lastEventInAt: milliseconds.nullable(),
  lastEventOutAt: milliseconds.nullable(),
  settings: z.record(z.string(), z.unknown()),
}) satisfies z.ZodType<InboxDto>;

export const customerConversationDto = z.strictObject({
  id: z.string(),
  number: z.string(),
  status: z.enum(CONVERSATION_STATUSES),
  agentName: z.string().nullable(),
  rev: z.number().int(),
  version: z.number().int(),
  teamReadUpTo: milliseconds,
}) satisfies z.ZodType<CustomerConversationDto>;

/** Tokens of a session and who they are for. */
export const loggedIn = z.strictObject({ accessToken: z.string(), refreshToken: z.string(), user: userDto });
