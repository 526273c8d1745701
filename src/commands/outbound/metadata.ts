import mongoose from 'mongoose';
import type { Message, MessagePart } from '../../models/index.js';

/** Which attempt of which part a platform call is; comes back on its echo (PROTOCOLS 7). */
export interface AttemptMark {
  message: mongoose.Types.ObjectId;
  n: number;
  attemptId: string;
}

/** `<install>:<message>:<n>:<attempt>` */
export const formatMetadata = (installId: string, mark: AttemptMark): string =>
  `${installId}:${String(mark.message)}:${mark.n}:${mark.attemptId}`;

/** What `formatMetadata` of this installation made; null for anything else. */
export function parseMetadata(text: string | null, installId: string): AttemptMark | null {
  const [install, message, n, attemptId, ...rest] = (text ?? '').split(':');
  if (install !== installId || rest.length > 0) return null;
  if (message === undefined || attemptId === undefined || !mongoose.isObjectIdOrHexString(message)) return null;
  if (n === undefined || !/^\d{1,4}$/.test(n)) return null;
  return { message: new mongoose.Types.ObjectId(message), n: Number(n), attemptId };
}

/**
 * Whether a mark that came back names an attempt that this message's part really made, to the contact and the inbox whose event
 * brought it. Anybody who saw one of our marks could send it again.
 * @param sentTo the platform's id of whom the message went to; null: they are gone.
 */
export function isOwnAttempt(
  message: Pick<Message, 'inbox'> & { parts: Pick<MessagePart, 'n' | 'attemptId' | 'earlierAttempts'>[] },
  sentTo: string | null,
  mark: Pick<AttemptMark, 'n' | 'attemptId'>,
  seen: { inbox: mongoose.Types.ObjectId; contactId: string | null },
): boolean {
  const part = message.parts.find(({ n }) => n === mark.n);
  const attempts = [part?.attemptId, ...(part?.earlierAttempts ?? [])];
  const isSentThere = sentTo !== null && sentTo === seen.contactId && message.inbox.equals(seen.inbox);
  return isSentThere && attempts.includes(mark.attemptId);
}
