import { notFound, validationError } from '../../errors.js';
import { InboxModel, type Inbox } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { Actor } from '../../policies/index.js';
import { act } from '../act.js';
import type { Hub } from '../../hub.js';
import { sealConfig } from './inbox-config.js';
import { forgetInboxes } from '../../models/cached-inboxes.js';
import { assertStaff, moveScopes } from './inbox-members.js';

export interface InboxChanges {
  name?: string;
  settings?: Record<string, unknown>;
  /** Replaces the named fields of the channel's config; new credentials connect the inbox again. */
  config?: Record<string, unknown>;
  allowedOrigins?: string[];
  memberIds?: string[];
  /** `disconnected` ends it, keeping its history; `connected` takes it up again, and its sends where they wait for somebody. */
  state?: 'connected' | 'disconnected';
}

/** Changes an inbox. @throws AppError 404; 400 for an unknown config or member; 503; AccessDenied. */
export async function updateInbox(
  hub: Hub,
  props: { actor: Actor; inboxId: string; changes: InboxChanges },
): Promise<Inbox> {
  const { actor, inboxId, changes } = props;
  return act(hub, actor, async (unit) => {
    authorize(actor, 'inbox.manage');
    const { session } = unit;
    const before = await InboxModel.findById(inboxId).session(session).lean<Inbox>().exec();
    if (before === null) throw notFound('This inbox');
    if (changes.memberIds !== undefined) await assertStaff(changes.memberIds, session);
    const after = await InboxModel.findByIdAndUpdate(
      before._id,
      { $set: fieldsOf(hub, before, changes) },
      { session, returnDocument: 'after' },
    )
      .lean<Inbox>()
      .exec();
    if (after === null) throw notFound('This inbox');
    await unit.audit('inbox.updated', `inbox:${inboxId}`, { fields: Object.keys(changes) });
    if (before.state !== after.state) {
      const data = { inbox: inboxId, from: before.state, to: after.state };
      unit.record({ type: 'inbox.stateChanged', conversation: null, rev: null, data });
    }
    unit.afterwards(forgetInboxes);
    await moveScopes(unit, differing(before.members, after.members));
    return after;
  });
}

function fieldsOf(hub: Hub, before: Inbox, changes: InboxChanges): Record<string, unknown> {
  const { config, memberIds, ...plain } = changes;
  const members = memberIds === undefined ? {} : { members: memberIds };
  if (config === undefined) return { ...resumed(before, changes.state === 'connected'), ...plain, ...members };
  const adapter = hub.channels.get(before.channel);
  if (adapter === undefined) throw validationError([{ field: 'config', message: 'belongs to a channel that is gone' }]);
  const { credentials } = sealConfig(hub, adapter, config, before.credentials ?? null);
  const reconnected = before.state === 'needs_reauthorisation' ? { state: 'connected' } : {};
  return { ...reconnected, ...resumed(before, true), ...plain, ...members, credentials };
}

/** A hold without an end waits for somebody to act; one with an end is the platform's limit and runs out by itself. */
const resumed = (before: Inbox, acted: boolean): { sendHold?: null } =>
  acted && before.sendHold && !before.sendHold.until ? { sendHold: null } : {};

/** Ids that stand in one of the lists only. */
function differing(one: Inbox['members'], other: Inbox['members']): string[] {
  const [before, after] = [new Set(one.map(String)), new Set(other.map(String))];
  return [...before].filter((id) => !after.has(id)).concat([...after].filter((id) => !before.has(id)));
}
