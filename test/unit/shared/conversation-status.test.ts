import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  canTransition,
  CONVERSATION_STATUSES,
  fitsHolder,
  statusAfterAssignment,
  type ConversationStatus,
} from '../../../src/shared/conversation-status.js';

interface State {
  status: ConversationStatus;
  held: boolean;
}

type Act = { to: ConversationStatus } | { held: boolean };

const act = fc.oneof(
  fc.constantFrom(...CONVERSATION_STATUSES).map((to): Act => ({ to })),
  fc.boolean().map((held): Act => ({ held })),
);

/** What a refused act leaves is what was there. */
function after({ status, held }: State, what: Act): State {
  if ('to' in what) return canTransition(status, what.to, held) ? { status: what.to, held } : { status, held };
  return { status: statusAfterAssignment(status, what.held), held: what.held };
}

describe('status and holder', () => {
  it('agree after every row of acts that begins with a new conversation', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), (acts) => {
        let state: State = { status: 'open', held: false };
        for (const what of acts) {
          state = after(state, what);
          expect([state, state.status === 'open' && state.held]).toEqual([state, false]);
          const worked = state.status === 'assigned' || state.status === 'in_progress';
          expect([state, worked && !state.held]).toEqual([state, false]);
        }
      }),
    );
  });

  it.each(CONVERSATION_STATUSES)('never leave %s for itself, and %s for nothing that does not fit', (from) => {
    for (const held of [true, false]) {
      const moves = CONVERSATION_STATUSES.filter((to) => canTransition(from, to, held));
      expect(moves).not.toContain(from);
      expect(moves.every((to) => fitsHolder(to, held))).toBe(true);
    }
  });

  it('leave a finished conversation only by reopening or closing it, and a closed one never', () => {
    for (const held of [true, false]) {
      expect(CONVERSATION_STATUSES.filter((to) => canTransition('resolved', to, held))).toEqual(['reopened', 'closed']);
      expect(CONVERSATION_STATUSES.filter((to) => canTransition('closed', to, held))).toEqual([]);
    }
  });
});
