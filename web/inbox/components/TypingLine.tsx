import type { ConversationRowDto } from '../../../src/shared/dto.js';
import { useApp } from '../hooks/app-context.js';
import { useStore } from '../hooks/use-store.js';
import { strings } from '../strings.js';
import classes from './TypingLine.module.css';

/** Says who is writing: the customer, or a colleague who may be answering at the same time. */
export function TypingLine({ conversation }: { conversation: ConversationRowDto }) {
  const { live, user } = useApp();
  const marks = useStore(live.typing).filter((mark) => mark.conversationId === conversation.id);
  const customer = marks.some(({ who }) => who === 'contact');
  const colleagues = marks.filter(({ who }) => who !== 'contact' && who !== user.id).map(({ name }) => name);
  return (
    <div className={classes.root} role="status">
      {customer && <span>{strings.thread.typing(conversation.contact.name || strings.contact.noName)}</span>}
      {colleagues.length > 0 && <span className={classes.colleague}>{strings.thread.replying(colleagues)}</span>}
    </div>
  );
}
