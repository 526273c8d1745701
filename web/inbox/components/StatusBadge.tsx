import { useTranslation } from 'react-i18next';
import type { ConversationStatus } from '../../../src/shared/conversation-status.js';
import classes from './StatusBadge.module.css';

/** A conversation's status in words, with a colour that only underlines them. */
export function StatusBadge({ status }: { status: ConversationStatus }) {
  const { t } = useTranslation('conversation');
  return (
    <span className={classes.root} data-status={status}>
      {t(`status.${status}`)}
    </span>
  );
}
