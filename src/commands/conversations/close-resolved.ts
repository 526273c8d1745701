import { ConversationModel } from '../../models/index.js';
import type { Act } from '../act.js';
import { move } from './move.js';

/** Closes a conversation that is still resolved when its time is over (SPEC 1). */
export async function closeResolved(act: Act, conversationId: string): Promise<void> {
  const conversation = await ConversationModel.findById(conversationId, null, { session: act.session }).lean();
  if (conversation?.status !== 'resolved') return;
  const line = { type: 'status', data: { by: null, from: 'resolved', to: 'closed' } };
  await move(act, conversation, { status: 'closed' }, 'system', line);
}
