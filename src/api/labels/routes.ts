import { deleteLabel } from '../../commands/labels/delete-label.js';
import { labelConversation } from '../../commands/labels/label-conversation.js';
import { changeLabel, createLabel } from '../../commands/labels/save-label.js';
import { notFound } from '../../errors.js';
import { ConversationModel, LabelModel } from '../../models/index.js';
import { presentConversation } from '../../presenters/conversation.js';
import { presentLabel } from '../../presenters/label.js';
import { idParams } from '../../shared/schemas/basics.js';
import { oneConversation } from '../../shared/schemas/conversation.js';
import { labelChanges, labelInUse, labelList, labelsInput, newLabel, oneLabel } from '../../shared/schemas/label.js';
import { onStore } from '../../storage/in-transaction.js';
import { defineRoute, type Route } from '../route.js';

/** Conversations of a label that are counted at most. */
const MOST_COUNTED = 101;

/** Labels, and which of them conversations carry (SPEC 5.3). */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/labels',
    access: 'staff',
    ability: 'label.list',
    summary: 'The labels, by title',
    input: {},
    output: labelList,
    handle: async () => {
      const labels = await onStore(LabelModel.find().sort({ key: 1 }).lean().exec());
      return { items: labels.map(presentLabel) };
    },
  }),
  defineRoute({
    method: 'get',
    path: '/labels/:id',
    access: 'staff',
    ability: 'label.manage',
    summary: 'One label, and how many conversations carry it, counted up to 101',
    input: { params: idParams },
    output: labelInUse,
    handle: async ({ input: { params } }) => {
      const [label, conversations] = await onStore(
        Promise.all([
          LabelModel.findById(params.id).lean().exec(),
          ConversationModel.countDocuments({ labels: params.id }, { limit: MOST_COUNTED }).exec(),
        ]),
      );
      if (label === null) throw notFound('This label');
      return { label: presentLabel(label), conversations };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/labels',
    access: 'staff',
    ability: 'label.manage',
    summary: 'Add a label',
    input: { body: newLabel },
    output: oneLabel,
    status: 201,
    handle: async ({ hub, actor, input }) => ({ label: presentLabel(await createLabel(hub, actor, input.body)) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/labels/:id',
    access: 'staff',
    ability: 'label.manage',
    summary: 'Rename, recolour or describe a label anew',
    input: { params: idParams, body: labelChanges },
    output: oneLabel,
    handle: async ({ hub, actor, input: { params, body } }) => ({
      label: presentLabel(await changeLabel(hub, actor, params.id, body)),
    }),
  }),
  defineRoute({
    method: 'delete',
    path: '/labels/:id',
    access: 'staff',
    ability: 'label.manage',
    summary: 'Delete a label; conversations lose it soon after',
    input: { params: idParams },
    handle: async ({ hub, actor, input }) => {
      await deleteLabel(hub, actor, input.params.id);
      return null;
    },
  }),
  defineRoute({
    method: 'post',
    path: '/conversations/:id/labels',
    access: 'staff',
    ability: 'conversation.label',
    rate: 'other',
    summary: 'Put labels on the conversation and take others off',
    input: { params: idParams, body: labelsInput },
    output: oneConversation,
    handle: async ({ hub, actor, input: { params, body } }) => {
      const conversation = await labelConversation(hub, actor, { conversationId: params.id, ...body });
      return { conversation: await presentConversation(hub, conversation) };
    },
  }),
];
