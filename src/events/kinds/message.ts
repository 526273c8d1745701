import type { MessageKind, SenderType } from '../../shared/words.js';

export interface MessageEvents {
  'message.created': { message: string; kind: MessageKind; senderType: SenderType; sender: string | null };
  /** Edited, unsent, reacted to, or its sending went on. */
  'message.changed': { message: string; what: 'content' | 'delivery' | 'attachments' };
}
