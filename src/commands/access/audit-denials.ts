import { AuditEventModel } from '../../models/index.js';
import { AccessDenied } from '../../policies/authorize.js';
import { actorKey, type Actor } from '../../policies/index.js';
import { isDuplicateKey, onStore } from '../../storage/in-transaction.js';
import type { Hub } from '../../hub.js';
import type { AuditType } from './record-audit-event.js';

const TYPE: AuditType = 'access.denied';

/** Denials of one actor, ability and subject within such a span of the clock are counted in one row. Milliseconds. */
const SPAN = 10 * 60_000;
/** Subjects by name for one actor and ability in a span, on each process; those beyond share a row that names none. */
const MOST_SUBJECTS = 20;

/**
 * Runs what an actor asked for, and writes an audit event when a policy refuses it (SPEC 3.2). Routes and socket handlers are
 * run through it. Repeated denials raise the count of one event, so that nobody can fill the audit trail by asking. A denial stays one
 * when it cannot be written down.
 */
export async function auditDenials<T>(hub: Hub, actor: Actor | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AccessDenied) await write(hub, actor, error);
    throw error;
  }
}

async function write(hub: Hub, actor: Actor | null, { ability, subject }: AccessDenied): Promise<void> {
  const now = hub.now();
  const began = now - (now % SPAN);
  const who = actor === null ? null : actorKey(actor);
  const about = namedSubject(`${who} ${ability}`, subject, began);
  const count = () =>
    onStore(
      AuditEventModel.updateOne(
        { foldKey: `denied ${who} ${ability} ${about} ${began}` },
        {
          $setOnInsert: { type: TYPE, actor: who, subject: about, data: { ability }, at: new Date(now) },
          $inc: { count: 1 },
          $max: { lastAt: new Date(now) },
        },
        { upsert: true },
      ).exec(),
    );
  try {
    // Of two that make the row at once, one finds its key taken.
    await count().catch((error: unknown) => (isDuplicateKey(error) ? count() : Promise.reject(error as Error)));
  } catch (error) {
    hub.logger.error('audit', 'a denied call could not be written down', { ability, error });
  }
}

/** The subjects that have rows of their own in this span, by actor and ability. Some subjects are whatever the caller likes to name. */
const named = { began: 0, subjects: new Map<string, Set<string>>() };

function namedSubject(of: string, subject: string | null, began: number): string | null {
  if (named.began !== began) {
    named.began = began;
    named.subjects.clear();
  }
  if (subject === null) return null;
  const known = named.subjects.get(of) ?? new Set();
  named.subjects.set(of, known);
  if (known.size < MOST_SUBJECTS) known.add(subject);
  return known.has(subject) ? subject : null;
}
