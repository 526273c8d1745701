import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import type { Person } from '../types.js';
import { Section } from './Section.js';

interface Props {
  person: Person;
  appId: string;
  run: (act: () => Promise<unknown>) => Promise<boolean>;
}

/** What happens around one person: time, the Page's own inbox, who holds the thread, where the person comes from. */
export function PersonSwitches({ person, appId, run }: Props): JSX.Element {
  const [reply, setReply] = useState('');
  const act = (name: string, body: unknown): Promise<boolean> => run(() => api.act(person.id, name, body));
  const elsewhere = person.threadOwner !== null && person.threadOwner !== appId;
  const answer = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (reply.trim() !== '' && (await act('inbox-replies', { text: reply.trim() }))) setReply('');
  };
  return (
    <Section title={`Around ${person.firstName}`}>
      <div class="chips">
        <button
          type="button"
          class="chip"
          disabled={person.lastMessageAt === null}
          onClick={() => void act('clock', { hours: 24 })}
        >
          24 h pass
        </button>
        <button
          type="button"
          class="chip"
          disabled={person.lastMessageAt === null}
          onClick={() => void act('clock', { hours: 168 })}
        >
          7 days pass
        </button>
        <button
          type="button"
          class="chip"
          onClick={() => void act('thread-control', { action: elsewhere ? 'pass' : 'take' })}
        >
          {elsewhere ? 'Page inbox passes the thread back' : 'Page inbox takes the thread'}
        </button>
        <button type="button" class="chip" onClick={() => void act('referrals', { ref: 'summer_flyer' })}>
          Opens an m.me link
        </button>
        <button
          type="button"
          class="chip"
          onClick={() => void act('messages', { attachments: [{ type: 'location', lat: 48.2085, long: 16.3721 }] })}
        >
          Shares a place
        </button>
      </div>
      <form class="fields" onSubmit={(event) => void answer(event)}>
        <input
          class="input"
          value={reply}
          placeholder="Reply from the Page inbox"
          aria-label="Reply from the Page inbox"
          maxLength={2000}
          onInput={(event) => setReply(event.currentTarget.value)}
        />
        <button type="submit" class="secondary-button" disabled={reply.trim() === ''}>
          Reply
        </button>
      </form>
    </Section>
  );
}
