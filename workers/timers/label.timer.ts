import { LABEL_TIMER, takeLabelOff } from '../../src/commands/labels/delete-label.js';
import { defineTimer } from '../define-timer.js';

/** A deleted label leaves the conversations that carry it. */
export default defineTimer({ kind: LABEL_TIMER, perform: takeLabelOff });
