import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import { clockTime } from '../time.js';
import type { Message, Page, Person, SandboxState } from '../types.js';
import { Avatar } from './Avatar.js';
import { Icon } from './Icon.js';

interface Props {
  state: SandboxState;
  connected: boolean;
  chosen: string | null;
  onChoose: (id: string) => void;
  onClose: () => void;
  run: (act: () => Promise<unknown>) => Promise<boolean>;
}

/** Whose phone it is, and how the line to the hub stands. */
export function PeopleList({ state, connected, chosen, onChoose, onClose, run }: Props): JSX.Element {
  return (
    <aside class="people" aria-label="People">
      <header class="panel-header">
        <button type="button" class="icon-button only-small" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
        <h2>Messenger sandbox</h2>
        <HubStatus webhook={state.webhook} connected={connected} />
      </header>
      {state.pages.map((page) => (
        <section key={page.id} aria-label={page.name}>
          <h3 class="section-title">{page.name}</h3>
          <ul class="people-list">
            {state.people
              .filter(({ pageId }) => pageId === page.id)
              .map((person) => (
                <PersonRow key={person.id} person={person} chosen={person.id === chosen} onChoose={onChoose} />
              ))}
          </ul>
          <NewPerson page={page} run={run} onChoose={onChoose} />
        </section>
      ))}
    </aside>
  );
}

function HubStatus({ webhook, connected }: { webhook: SandboxState['webhook']; connected: boolean }): JSX.Element {
  const { verifiedAt, lastVerification, queued } = webhook;
  if (!connected) return <p class="status bad">The sandbox does not answer</p>;
  if (verifiedAt === null) {
    const reason = lastVerification === null ? '' : ` (${lastVerification})`;
    return <p class="status bad">Waiting for the hub to confirm the webhook{reason}</p>;
  }
  if (queued > 0) return <p class="status waiting">{queued} on the way to the hub</p>;
  return <p class="status good">The hub has everything</p>;
}

function PersonRow({
  person,
  chosen,
  onChoose,
}: {
  person: Person;
  chosen: boolean;
  onChoose: (id: string) => void;
}): JSX.Element {
  const { id, firstName, lastName, last, unread } = person;
  return (
    <li>
      <button type="button" class="person-row" aria-current={chosen} onClick={() => onChoose(id)}>
        <Avatar id={id} size={40} />
        <span class="person-text">
          <span class="person-name">
            {firstName} {lastName}
          </span>
          <span class="person-preview">{last === null ? 'No messages yet' : previewOf(last)}</span>
        </span>
        <span class="person-side">
          {last !== null && <time dateTime={new Date(last.at).toISOString()}>{clockTime(last.at)}</time>}
          {unread > 0 && (
            <span class="badge">
              {unread}
              <span class="hidden"> unread</span>
            </span>
          )}
        </span>
      </button>
    </li>
  );
}

function previewOf({ text, unsent, attachments, direction }: Message): string {
  const who = direction === 'in' ? 'You: ' : '';
  if (unsent) return `${who}unsent a message`;
  return who + (text ?? (attachments[0]?.type === undefined ? 'Message' : `sent a ${attachments[0].type}`));
}

function NewPerson({ page, run, onChoose }: { page: Page } & Pick<Props, 'run' | 'onChoose'>): JSX.Element {
  const [name, setName] = useState('');
  const add = async (event: Event): Promise<void> => {
    event.preventDefault();
    const [first = '', ...rest] = name.trim().split(/\s+/);
    if (first === '') return;
    await run(async () => {
      const { id } = await api.createPerson(page.id, first, rest.join(' '));
      setName('');
      onChoose(id);
    });
  };
  return (
    <form class="new-person" onSubmit={(event) => void add(event)}>
      <input
        class="input"
        value={name}
        maxLength={60}
        placeholder="New person"
        aria-label={`Name of a new person for ${page.name}`}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <button type="submit" class="icon-button" aria-label="Add person" disabled={name.trim() === ''}>
        <Icon name="plus" />
      </button>
    </form>
  );
}
