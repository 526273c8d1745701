import { CONVERSATION_STATUSES, type ConversationStatus } from '../../../src/shared/conversation-status.js';
import type { ActivityDto, MessageDto } from '../../../src/shared/schemas/message.js';
import { activityStrings, strings } from '../strings.js';

/**
 * One slim line for an activity entry. An entry that brings its own text is shown with it; a known type gets a sentence;
 * anything else is named after its type, so that a new kind of activity is never hidden.
 */
export function activityText(message: Pick<MessageDto, 'text' | 'activity' | 'sender'>): string {
  if (message.text !== null && message.text !== '') return message.text;
  const { activity } = message;
  if (activity === null) return strings.list.noMessages;
  return sentence(activity, message.sender.name) ?? humanise(activity.type);
}

function sentence(activity: ActivityDto, senderName: string): string | null {
  const get = (field: string): string | null => {
    const value = activity.data[field] ?? '';
    return value === '' ? null : String(value);
  };
  const say = activityStrings[activity.type];
  return say === undefined ? null : say({ by: get('by') ?? senderName, get, status: statusName });
}

function statusName(value: string | null): string {
  const known = CONVERSATION_STATUSES.find((status): status is ConversationStatus => status === value);
  return known === undefined ? (value ?? strings.contact.none) : strings.statuses[known];
}

function humanise(type: string): string {
  const words = type
    .replaceAll(/[._-]+/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
