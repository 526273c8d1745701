import { useTranslation } from 'react-i18next';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { useApp } from '../hooks/app-context.js';
import { useStore } from '../hooks/use-store.js';
import { formatList } from '../i18n/formats.js';
import { contactName } from '../logic/names.js';
import classes from './TypingLine.module.css';

/** Says who is writing: the customer, or a colleague who may be answering at the same time. */
export function TypingLine({ conversation }: { conversation: ConversationRowDto }) {
  const { t, i18n } = useTranslation(['thread', 'contact']);
  const { live, user } = useApp();
  const marks = useStore(live.typing).filter((mark) => mark.conversationId === conversation.id);
  const customer = marks.some(({ who }) => who === 'contact');
  const colleagues = marks.filter(({ who }) => who !== 'contact' && who !== user.id).map(({ name }) => name);
  return (
    <div className={classes.root} role="status">
      {customer && <span>{t('typing', { name: contactName(i18n, conversation.contact) })}</span>}
      {colleagues.length > 0 && (
        <span className={classes.colleague}>
          {t('replying', { count: colleagues.length, names: formatList(i18n.language, colleagues) })}
        </span>
      )}
    </div>
  );
}
