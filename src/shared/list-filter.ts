import type { ConversationDto } from './schemas/conversation.js';

/** Something that narrows a list view beside its place: `list-filters/<name>.ts` exports one as its name says. Pure. */
export interface ListFilter {
  /** The field of a stored conversation that is, or holds, the value. Its model brings the indexes. */
  stored: string;
  /** What a value looks like. */
  value: RegExp;
  /** Whether a conversation on hand belongs into the narrowed list. */
  matches(conversation: ConversationDto, value: string): boolean;
}
