import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { useNowEvery } from '../hooks/use-now.js';
import { windowText } from '../time.js';
import type { Message, Page, Person, Thread as ThreadData } from '../types.js';
import { Avatar } from './Avatar.js';
import { Composer, type Draft } from './Composer.js';
import { Icon } from './Icon.js';
import { Thread } from './Thread.js';
import { Welcome } from './Welcome.js';

interface Props {
  person: Person;
  page: Page;
  thread: ThreadData | null;
  run: (act: () => Promise<unknown>) => Promise<boolean>;
  onPeople: () => void;
  onDrawer: () => void;
  drawerOpen: boolean;
}

/** One person's phone with the conversation with the Page. */
export function Phone({ person, page, thread, run, onPeople, onDrawer, drawerOpen }: Props): JSX.Element {
  const now = useNowEvery(30_000);
  const [draft, setDraft] = useState<Draft>({ kind: 'new' });
  useReading(person, thread);
  const act = (name: string, body?: unknown): Promise<boolean> => run(() => api.act(person.id, name, body));

  return (
    <section class="phone" aria-label={`Phone of ${person.firstName} ${person.lastName}`}>
      <header class="phone-header">
        <button type="button" class="icon-button only-small" aria-label="Choose a person" onClick={onPeople}>
          <Icon name="people" />
        </button>
        <Avatar id={page.id} size={36} />
        <div class="phone-title">
          <h1>{page.name}</h1>
          <p>
            {person.firstName} {person.lastName} · {windowText(person.lastMessageAt, now)}
          </p>
        </div>
        <button
          type="button"
          class="icon-button"
          aria-label="Misbehave"
          title="Misbehave"
          aria-expanded={drawerOpen}
          onClick={onDrawer}
        >
          <Icon name="tune" />
        </button>
      </header>
      {thread !== null && thread.messages.length === 0 ? (
        <Welcome page={page} person={person} act={act} />
      ) : (
        <Thread
          page={page}
          person={person}
          thread={thread}
          act={act}
          onReply={(message: Message) => setDraft({ kind: 'reply', message })}
          onEdit={(message: Message) => setDraft({ kind: 'edit', message })}
        />
      )}
      <Composer person={person} page={page} draft={draft} onDraft={setDraft} run={run} />
    </section>
  );
}

/** A thread that is on the screen is read. */
function useReading({ id, readUpTo }: Person, thread: ThreadData | null): void {
  const newest = thread?.messages.findLast(({ direction }) => direction === 'out')?.at ?? 0;
  useEffect(() => {
    if (newest <= readUpTo) return undefined;
    const read = (): void => {
      if (document.visibilityState === 'visible') api.act(id, 'read').catch(() => undefined);
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [id, newest, readUpTo]);
}
