import { randomUUID } from 'node:crypto';
import { conflict, idempotencyKeyReused } from '../../errors.js';
import { IdempotencyKeyModel, type IdempotencyKey } from '../../models/index.js';
import { isDuplicateKey, onStore } from '../../storage/in-transaction.js';
import { seal, unseal } from '../../utils/seal.js';
import type { Hub } from '../../hub.js';

/** A process that has not answered by then has died. Milliseconds. */
const CLAIM = 60_000;

/** What a client said so that a repeat is known as one. */
export interface Repeatable {
  /** `<who calls>:<their key>` */
  id: string;
  /** Equal for this request and its repeats only. */
  fingerprint: string;
}

/**
 * Does the work of a request once: a repeat within 24 hours gets the first answer (SPEC 12, `Idempotency-Key`). What failed is
 * not kept, because it changed nothing and may be tried again.
 * @throws AppError 422 for a key that belongs to another request; 409 while the first is still worked on; 503.
 */
export async function answerOnce(
  hub: Hub,
  request: Repeatable,
  work: () => Promise<unknown>,
): Promise<{ data: unknown; repeated: boolean }> {
  const owner = randomUUID();
  const known = await claim(hub, request, owner);
  if (known !== null) return { data: unseal(known, hub.env.ENCRYPTION_KEY), repeated: true };
  try {
    const data = (await work()) ?? null;
    await settle(hub, request, () =>
      IdempotencyKeyModel.updateOne(
        { _id: request.id, owner },
        { $set: { answer: seal(data, hub.env.ENCRYPTION_KEY) } },
      ).exec(),
    );
    return { data, repeated: false };
  } catch (error) {
    await settle(hub, request, () => IdempotencyKeyModel.deleteOne({ _id: request.id, owner }).exec());
    throw error;
  }
}

/** @returns the sealed first answer; null: the caller has to do the work. */
async function claim(hub: Hub, { id, fingerprint }: Repeatable, owner: string): Promise<string | null> {
  const now = hub.now();
  const mine = { owner, claimedUntil: new Date(now + CLAIM) };
  const row = { _id: id, fingerprint, ...mine, createdAt: new Date(now) };
  try {
    await onStore(IdempotencyKeyModel.create([row]));
    return null;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  const first = await onStore(IdempotencyKeyModel.findById(id).lean<IdempotencyKey>().exec());
  if (first !== null && first.fingerprint !== fingerprint) throw idempotencyKeyReused();
  if (typeof first?.answer === 'string') return first.answer;
  const abandoned = { _id: id, owner: first?.owner ?? '', answer: null, claimedUntil: { $lte: new Date(now) } };
  const taken = await onStore(IdempotencyKeyModel.updateOne(abandoned, { $set: mine }).exec());
  if (taken.matchedCount === 1) return null;
  throw conflict('The first request with this Idempotency-Key is still being worked on. Please try again in a moment.');
}

/** The work is done or has failed already, and that is what the caller has to hear. */
async function settle(hub: Hub, { id }: Repeatable, write: () => Promise<unknown>): Promise<void> {
  try {
    await onStore(write());
  } catch (error) {
    hub.logger.warn('idempotency', 'an answer could not be kept for repeats', { id, error });
  }
}
