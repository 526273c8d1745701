import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  compareReading,
  cursorAfter,
  deliveryOf,
  mergeMessages,
  raised,
  shownMessages,
  supersedes,
  type Revised,
} from '../../../src/shared/thread-order.js';
import * as inbox from '../../../web/inbox/logic/thread-state.js';
import * as widget from '../../../web/widget/core/thread.js';
import { buildMessage, buildRow } from '../web/inbox/builders.js';
import * as visitor from '../web/widget/support/build.js';

interface Told extends Revised {
  text: string;
  removed: boolean;
}
const build = (id: string, rev: number, more: Partial<Told> = {}): Told => ({
  id,
  rev,
  orderAt: 1_000,
  tieKey: id,
  text: `${id}${rev}`,
  removed: false,
  ...more,
});
const texts = (messages: readonly { text: string | null }[]): (string | null)[] => messages.map(({ text }) => text);

describe('reading order', () => {
  test('is by time, then by tie key in code units, not in the language of the reader', () => {
    const at = { orderAt: 1 };
    expect(compareReading({ orderAt: 1, tieKey: 'z' }, { orderAt: 2, tieKey: 'a' })).toBeLessThan(0);
    expect(compareReading({ ...at, tieKey: 'B' }, { ...at, tieKey: 'a' })).toBeLessThan(0);
    expect(compareReading({ ...at, tieKey: 'é' }, { ...at, tieKey: 'f' })).toBeGreaterThan(0);
    expect(compareReading({ ...at, tieKey: 'a' }, { ...at, tieKey: 'a' })).toBe(0);
  });
});

describe('mergeMessages', () => {
  test('keeps the higher revision, whichever comes first', () => {
    expect(texts(mergeMessages([build('a', 3)], [build('a', 5)], 'held'))).toEqual(['a5']);
    expect(texts(mergeMessages([build('a', 5)], [build('a', 3)], 'incoming'))).toEqual(['a5']);
  });

  test('of equal revisions keeps the one that was asked for', () => {
    const held = [build('a', 3, { text: 'held' })];
    const incoming = [build('a', 3, { text: 'incoming' })];
    expect(texts(mergeMessages(held, incoming, 'incoming'))).toEqual(['incoming']);
    expect(mergeMessages(held, incoming, 'held')).toBe(held);
    expect([supersedes(3, 3, 'held'), supersedes(3, 3, 'incoming'), supersedes(4, 3, 'held')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('puts what arrives late where it belongs', () => {
    const late = build('z', 9, { orderAt: 10 });
    const held = [build('a', 2, { orderAt: 20 })];
    expect(texts(mergeMessages(held, [build('B', 3, { orderAt: 20 }), late], 'held'))).toEqual(['z9', 'B3', 'a2']);
  });

  test('answers the same array when nothing arrives', () => {
    const held = [build('a', 1)];
    expect(mergeMessages(held, [], 'incoming')).toBe(held);
  });
});

describe('watermarks', () => {
  test('only rise', () => {
    const known = { deliveredUpTo: 5, readUpTo: 3 };
    expect(raised(known, { deliveredUpTo: 4, readUpTo: 4 })).toEqual({ deliveredUpTo: 5, readUpTo: 4 });
    expect(raised(known, {})).toEqual(known);
  });

  test('raise only what was sent, and reach what stands exactly at them', () => {
    const marks = { deliveredUpTo: 20, readUpTo: 10 };
    const tick = (delivery: 'sent' | 'queued' | null, acceptedAt: number | null) =>
      deliveryOf({ delivery, acceptedAt }, marks);
    expect([tick('sent', 10), tick('sent', 20), tick('sent', 21)]).toEqual(['read', 'delivered', 'sent']);
    expect([tick('queued', 5), tick(null, 5), tick('sent', null)]).toEqual(['queued', null, 'sent']);
  });
});

/** One message was born or changed: the server's thread after it has this revision. */
interface Change {
  id: string;
  removed: boolean;
}
/** What reaches a client: a live event, or the answer to a catch-up that was asked when the server had got so far. */
type Arrival = { kind: 'live'; change: number } | { kind: 'answer'; seenUpTo: number; askedFrom: number };

const PAGE = 3;

/** A server's thread, told the way the hub tells it (PROTOCOLS 4). */
class Server {
  readonly told: Told[];
  constructor(changes: readonly Change[]) {
    const orderAt: Record<string, number> = { a: 30, b: 10, c: 10, d: 20 };
    this.told = changes.map(({ id, removed }, index) => build(id, index + 1, { orderAt: orderAt[id] ?? 0, removed }));
  }

  /** As of a revision: the newest copy of each message. */
  thread(rev = this.told.length): Told[] {
    return [...new Map(this.told.slice(0, rev).map((message) => [message.id, message])).values()].sort(compareReading);
  }

  /** The answer to a catch-up: a page of what changed, lowest revision first. */
  since(from: number, rev = this.told.length): { messages: Told[]; rev: number; more: boolean } {
    const changed = this.thread(rev)
      .filter((message) => message.rev > from)
      .sort((one, other) => one.rev - other.rev);
    const more = changed.length > PAGE;
    const messages = changed.slice(0, PAGE);
    return { messages, more, rev: more ? (messages.at(-1)?.rev ?? from) : Math.max(rev, from) };
  }
}

/** A client's copy of the thread, behind whichever code keeps it. */
interface Copy {
  hear(message: Told): void;
  answered(answer: { messages: Told[]; rev: number; more: boolean }): void;
  cursor(): number;
  shown(): (string | null)[];
}

function bare(): Copy {
  let held: readonly Told[] = [];
  let cursor = 0;
  return {
    hear: (message) => void (held = mergeMessages(held, [message], 'held')),
    answered: (answer) => {
      held = mergeMessages(held, answer.messages, 'incoming');
      cursor = cursorAfter(cursor, answer);
    },
    cursor: () => cursor,
    shown: () => texts(shownMessages(held)),
  };
}

function ofInbox(): Copy {
  const row = (rev: number) => buildRow('c1', { rev, version: rev });
  const message = ({ id, ...told }: Told) => buildMessage(id, told);
  let state = inbox.openThread(row(0), { items: [], cursor: null, rev: 0 });
  return {
    hear: (told) => void (state = inbox.applyLive(state, { conversation: row(told.rev), message: message(told) })),
    answered: ({ messages, rev, more }) =>
      void (state = inbox.applyThreadSync(state, {
        conversation: row(rev),
        messages: messages.map(message),
        rev,
        more,
      })),
    cursor: () => state.rev,
    shown: () => texts(inbox.visibleMessages(state)),
  };
}

function ofWidget(): Copy {
  const conversation = (rev: number) => visitor.buildConversation({ rev, version: rev });
  let thread = widget.EMPTY_THREAD;
  return {
    hear: (told) =>
      void (thread = widget.applyLive(thread, {
        conversation: conversation(told.rev),
        message: visitor.buildMessage(told),
      })),
    answered: ({ messages, rev, more }) =>
      void (thread = widget.applySync(thread, {
        conversation: conversation(rev),
        messages: messages.map((told) => visitor.buildMessage(told)),
        rev,
        more,
      })),
    cursor: () => widget.cursorOf(thread, 'c1'),
    shown: () => texts(shownMessages(thread.messages)),
  };
}

const changes = fc.array(fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), removed: fc.boolean() }), {
  minLength: 1,
  maxLength: 15,
});
const arrivals = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('live' as const), change: fc.nat() }),
    fc.record({ kind: fc.constant('answer' as const), seenUpTo: fc.nat(), askedFrom: fc.nat() }),
  ),
  { maxLength: 30 },
);

describe.each([
  ['the rules alone', bare],
  ['the inbox', ofInbox],
  ['the widget', ofWidget],
])('%s', (_name, open) => {
  test('ends with the server’s thread, whichever live events came, when, how often, and whichever answers overtook them', () => {
    fc.assert(
      fc.property(changes, arrivals, (made, arrived: Arrival[]) => {
        const server = new Server(made);
        const copy = open();
        for (const arrival of arrived) {
          if (arrival.kind === 'live') {
            const before = copy.cursor();
            copy.hear(server.told[arrival.change % made.length] as Told);
            expect(copy.cursor()).toBe(before);
          } else {
            // Asked with the cursor of then, answered from what the server knew then.
            const from = arrival.askedFrom % (copy.cursor() + 1);
            const seenUpTo = from + (arrival.seenUpTo % (made.length - from + 1));
            const before = copy.cursor();
            copy.answered(server.since(from, seenUpTo));
            expect(copy.cursor()).toBeGreaterThanOrEqual(before);
          }
        }
        for (let more = true; more;) {
          const answer = server.since(copy.cursor());
          copy.answered(answer);
          more = answer.more;
        }
        expect(copy.shown()).toEqual(texts(shownMessages(server.thread())));
        expect(copy.cursor()).toBe(made.length);
      }),
    );
  });
});
