import type { ConversationStatus } from '../../../src/shared/conversation-status.js';
import { strings } from '../strings.js';
import classes from './StatusBadge.module.css';

/** A conversation's status in words, with a colour that only underlines them. */
export function StatusBadge({ status }: { status: ConversationStatus }) {
  return (
    <span className={classes.root} data-status={status}>
      {strings.statuses[status]}
    </span>
  );
}
