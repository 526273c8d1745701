import { closeResolved } from '../../src/commands/conversations/close-resolved.js';
import { defineTimer } from '../define-timer.js';

/** What has been resolved for long enough is closed. */
export default defineTimer({ kind: 'close', perform: closeResolved });
