import type { ClientSession } from 'mongoose';
import type { DomainEventType } from '../../events/domain-event.js';
import { AuditEventModel } from '../../models/index.js';
import { actorKey, type Actor } from '../../policies/index.js';

/** Every security-relevant act that is written down (SPEC 16); what is an event too is called the same. */
export type AuditType =
  | DomainEventType
  | 'access.denied'
  | 'identity.refused'
  | 'inbox.created'
  | 'inbox.updated'
  | 'installation.setUp'
  | 'login.failed'
  | 'login.succeeded'
  | 'session.ended'
  | 'session.tokenReused'
  | 'user.created'
  | 'user.updated';

interface Props {
  type: AuditType;
  /** A stranger is kept as null. */
  actor: Actor;
  /** What it was about, `<noun>:<id>`. */
  subject: string | null;
  /** Ids and values, never secrets. */
  data?: Record<string, unknown>;
  /** Milliseconds since the epoch. */
  at: number;
}

/** Writes an audit event, within the transaction of what it tells of if there is one. */
export async function recordAuditEvent(props: Props, session?: ClientSession): Promise<void> {
  const { type, actor, subject, data = {}, at } = props;
  const event = { type, actor: actor.type === 'stranger' ? null : actorKey(actor), subject, data, at: new Date(at) };
  await AuditEventModel.create([event], { ...(session === undefined ? {} : { session }), ordered: true });
}
