import mongoose from 'mongoose';

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
