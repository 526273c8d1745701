import { createInbox } from '../../commands/inboxes/create-inbox.js';
import { updateInbox } from '../../commands/inboxes/update-inbox.js';
import { InboxModel, type Inbox } from '../../models/index.js';
import { presentInbox } from '../../presenters/inbox.js';
import { onStore } from '../../storage/in-transaction.js';
import { idParams } from '../../shared/schemas/basics.js';
import { connectedInbox, inboxChanges, inboxList, newInbox, oneInbox } from '../../shared/schemas/inbox.js';
import { defineRoute, type Route } from '../route.js';

/** Connected accounts (SPEC 1). */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/inboxes',
    access: 'staff',
    ability: 'inbox.list',
    summary: 'The inboxes I am a member of; all of them for admins',
    input: {},
    output: inboxList,
    handle: async ({ actor }) => {
      const own = actor.role === 'admin' ? {} : { _id: { $in: actor.inboxIds } };
      const inboxes = await onStore(InboxModel.find(own).sort({ _id: 1 }).lean<Inbox[]>().exec());
      return { items: inboxes.map(presentInbox) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/inboxes',
    access: 'staff',
    ability: 'inbox.manage',
    summary: 'Connect an account; a website gets its key, and once its identity secret',
    input: { body: newInbox },
    output: connectedInbox,
    status: 201,
    handle: async ({ hub, actor, input }) => {
      const { inbox, identitySecret } = await createInbox(hub, { actor, ...input.body });
      return { inbox: presentInbox(inbox), identitySecret };
    },
  }),
  defineRoute({
    method: 'patch',
    path: '/inboxes/:id',
    access: 'staff',
    ability: 'inbox.manage',
    summary: 'Change an inbox, renew its credentials, disconnect it',
    input: { params: idParams, body: inboxChanges },
    output: oneInbox,
    handle: async ({ hub, actor, input }) => ({
      inbox: presentInbox(await updateInbox(hub, { actor, inboxId: input.params.id, changes: input.body })),
    }),
  }),
];
