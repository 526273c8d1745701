import type { Conversation, User } from '../models/index.js';
import type { CustomerConversationDto } from '../shared/schemas/conversation.js';
import { namesOf } from './load-message-context.js';

/** A conversation as its own customer may see it: of whoever holds it only the first name. */
export const presentCustomerConversation = (
  conversation: Conversation,
  assignee: Pick<User, 'name'> | null,
): CustomerConversationDto => ({
  id: conversation._id.toString(),
  number: `TKT-${conversation.number}`,
  status: conversation.status,
  agentName: assignee?.name.split(' ')[0] ?? null,
  rev: conversation.rev,
  version: conversation.version,
  teamReadUpTo: conversation.teamReadUpTo?.getTime() ?? 0,
});

/** A conversation as its customer sees it, with the holder's first name. */
export async function presentForCustomer(conversation: Conversation): Promise<CustomerConversationDto> {
  const holder = conversation.assignee ? String(conversation.assignee) : null;
  const name = holder === null ? undefined : (await namesOf('user', [holder])).get(holder);
  return presentCustomerConversation(conversation, name === undefined ? null : { name });
}
