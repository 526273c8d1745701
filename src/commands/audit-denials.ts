import { AccessDenied } from '../policies/authorize.js';
import type { Actor } from '../policies/index.js';
import { onStore } from '../storage/in-transaction.js';
import type { Hub } from './hub.js';
import { recordAuditEvent } from './record-audit-event.js';

/**
 * Runs what an actor asked for, and writes an audit event when a policy refuses it (SPEC 3.2). Routes and socket handlers are
 * run through it. A denial stays one when it cannot be written down.
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
  try {
    await onStore(recordAuditEvent({ type: 'access.denied', actor, subject, data: { ability }, at: hub.now() }));
  } catch (error) {
    hub.logger.error('audit', 'a denied call could not be written down', { ability, error });
  }
}
