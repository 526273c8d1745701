import { z } from 'zod';
import { LIMITS } from '../limits.js';
import { id, rev } from './ids.js';

/** What a message of the team may carry; the same for REST and sockets. */
export const sendMessageInput = z.strictObject({
  text: z.string().max(LIMITS.messageText).optional(),
  /** Chosen by the client, unique per sender: sending it again never makes a second message. */
  clientMessageId: z.string().min(1).max(LIMITS.clientMessageId).optional(),
  attachmentIds: z.array(id).max(LIMITS.filesPerMessage).optional(),
  /** A private note for the team. */
  note: z.boolean().optional(),
  replyToMessageId: id.optional(),
  quickReplies: z
    .array(z.strictObject({ title: z.string().min(1).max(40), payload: z.string().min(1).max(1_000) }))
    .max(13)
    .optional(),
  /** Last revision the writer has seen; with a newer answer of a colleague the send is refused with STALE_DRAFT. */
  lastSeenRev: rev.optional(),
  /** Send in spite of that. */
  force: z.boolean().optional(),
});
