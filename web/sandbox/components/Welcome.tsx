import type { JSX } from 'preact';
import type { MenuItem, Page, Person } from '../types.js';
import { Avatar } from './Avatar.js';

interface Props {
  page: Page;
  person: Person;
  act: (name: string, body?: unknown) => Promise<boolean>;
}

/** An empty conversation: greeting, "Get started" and the questions the Page offers. */
export function Welcome({ page, person, act }: Props): JSX.Element {
  const { greeting = [], get_started: getStarted, ice_breakers: iceBreakers = [] } = page.profile;
  const words = greeting.find(({ locale }) => locale === 'default') ?? greeting[0];
  const questions = iceBreakers.flatMap((item): MenuItem[] => item.call_to_actions ?? [item]);
  return (
    <div class="thread welcome">
      <Avatar id={page.id} size={88} />
      <h2>{page.name}</h2>
      <p>{words === undefined ? 'Write something to begin the conversation.' : named(words.text, person)}</p>
      {questions.map(({ question, title, payload }) => {
        const text = question ?? title ?? '';
        return (
          <button
            key={text}
            type="button"
            class="chip"
            onClick={() => void act('postbacks', { title: text, payload: payload ?? text })}
          >
            {text}
          </button>
        );
      })}
      {getStarted !== undefined && (
        <button
          type="button"
          class="primary-button"
          onClick={() => void act('postbacks', { title: 'Get started', payload: getStarted.payload })}
        >
          Get started
        </button>
      )}
    </div>
  );
}

/** Fills the placeholders that greetings may hold. */
function named(text: string, { firstName, lastName }: Person): string {
  return text
    .replaceAll('{{user_first_name}}', firstName)
    .replaceAll('{{user_last_name}}', lastName)
    .replaceAll('{{user_full_name}}', `${firstName} ${lastName}`);
}
