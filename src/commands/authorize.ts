import { forbidden } from '../errors.js';
import { can, type Ability, type Actor, type ConversationAbility } from '../policies/index.js';
import type { ConversationSubject, StandingAbility } from '../policies/index.js';
import { onStore } from '../storage/in-transaction.js';
import type { Hub } from './hub.js';
import { recordAuditEvent } from './record-audit-event.js';

/**
 * Lets the call pass, or writes an audit event and refuses (STYLE 5). Not for use inside a transaction: the event would go with it.
 * @throws AppError 403.
 */
export function authorize(hub: Hub, actor: Actor, ability: StandingAbility): Promise<void>;
export function authorize(
  hub: Hub,
  actor: Actor,
  ability: ConversationAbility,
  subject: ConversationSubject,
): Promise<void>;
export async function authorize(
  hub: Hub,
  actor: Actor,
  ability: Ability,
  subject?: ConversationSubject,
): Promise<void> {
  if (can(actor, ability as ConversationAbility, subject as ConversationSubject)) return;
  try {
    await onStore(
      recordAuditEvent({
        type: 'access.denied',
        actor,
        subject: subject === undefined ? null : `conversation:${subject._id.toString()}`,
        data: { ability },
        at: hub.now(),
      }),
    );
  } catch (error) {
    hub.logger.error('audit', 'a denied call could not be written down', { ability, error });
  }
  throw forbidden();
}
