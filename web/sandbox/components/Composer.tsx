import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import type { Message, Page, Person, QuickReply } from '../types.js';
import { Icon } from './Icon.js';
import { PageMenu } from './PageMenu.js';

/** What the next words are for. */
export type Draft = { kind: 'new' } | { kind: 'reply' | 'edit'; message: Message };

type Act = (name: string, body: unknown) => Promise<boolean>;

interface Props {
  person: Person;
  page: Page;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  run: (act: () => Promise<unknown>) => Promise<boolean>;
}

/** Where the person writes; with quick replies and the Page's menu when there are any. */
export function Composer({ person, page, draft, onDraft, run }: Props): JSX.Element {
  const [text, setText] = useState('');
  const [menu, setMenu] = useState(false);
  const items = page.profile.persistent_menu?.[0]?.call_to_actions ?? [];
  const act: Act = (name, body) => run(() => api.act(person.id, name, body));

  // Before the field can be typed into, or the old words would come in between.
  useLayoutEffect(() => {
    if (draft.kind === 'edit') setText(draft.message.text ?? '');
  }, [draft]);

  const send = async (): Promise<void> => {
    const words = text.trim();
    if (words === '') return;
    setText('');
    const replyTo = draft.kind === 'reply' ? { replyTo: draft.message.mid } : {};
    const sent =
      draft.kind === 'edit'
        ? await act('edits', { mid: draft.message.mid, text: words })
        : await act('messages', { text: words, ...replyTo });
    if (sent) onDraft({ kind: 'new' });
    else setText((since) => (since === '' ? words : since));
  };
  const cancel = (): void => {
    if (draft.kind === 'edit') setText('');
    onDraft({ kind: 'new' });
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    void send();
  };

  return (
    <footer class="composer">
      {draft.kind === 'new' ? (
        <QuickReplies last={person.last} act={act} />
      ) : (
        <DraftNote draft={draft} onCancel={cancel} />
      )}
      {menu && <PageMenu items={items} act={act} onClose={() => setMenu(false)} />}
      <form class="composer-row" onSubmit={submit}>
        {items.length > 0 && (
          <button
            type="button"
            class="icon-button"
            aria-label={`Menu of ${page.name}`}
            aria-expanded={menu}
            onClick={() => setMenu(!menu)}
          >
            <Icon name="menu" />
          </button>
        )}
        <FileButton act={act} run={run} />
        <Words name={page.name} text={text} draft={draft} onText={setText} onSend={() => void send()} />
        <SendButton empty={text.trim() === ''} draft={draft} act={act} />
      </form>
    </footer>
  );
}

/** Quick replies go away with the next message of either side. */
function QuickReplies({ last, act }: { last: Message | null; act: Act }): JSX.Element | null {
  const replies: QuickReply[] = last?.direction === 'out' ? last.quickReplies : [];
  const titled = replies.filter(({ title }) => title !== undefined);
  if (titled.length === 0) return null;
  return (
    <div class="quick-replies" role="group" aria-label="Quick replies">
      {titled.map(({ title = '', payload = '' }) => (
        <button
          key={title}
          type="button"
          class="chip"
          onClick={() => void act('messages', { text: title, quickReply: { payload } })}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

function DraftNote({ draft, onCancel }: { draft: Exclude<Draft, { kind: 'new' }>; onCancel: () => void }): JSX.Element {
  return (
    <p class="draft-note">
      <span>
        {draft.kind === 'edit' ? 'Editing' : 'Replying to'}: {draft.message.text ?? 'attachment'}
      </span>
      <button type="button" class="icon-button small" aria-label="Cancel" onClick={onCancel}>
        <Icon name="close" size={18} />
      </button>
    </p>
  );
}

/** Sends files of this computer, all in one message. */
function FileButton({ act, run }: { act: Act; run: Props['run'] }): JSX.Element {
  const inputRef = useRef<HTMLInputElement>(null);
  const send = async (input: HTMLInputElement): Promise<void> => {
    const files = [...(input.files ?? [])];
    if (files.length === 0) return;
    const attachments: { fileId: string }[] = [];
    const uploaded = await run(async () => {
      const stored = await Promise.all(files.map((file) => api.upload(file)));
      attachments.push(...stored.map(({ id }) => ({ fileId: id })));
    });
    if (uploaded) await act('messages', { attachments });
    input.value = '';
  };
  return (
    <>
      <button type="button" class="icon-button" aria-label="Send files" onClick={() => inputRef.current?.click()}>
        <Icon name="attach" />
      </button>
      <input
        ref={inputRef}
        class="hidden"
        type="file"
        multiple
        tabIndex={-1}
        aria-hidden="true"
        onChange={(event) => void send(event.currentTarget)}
      />
    </>
  );
}

/** The text field; Enter sends, Shift and Enter begins a line. */
function Words({
  name,
  text,
  draft,
  onText,
  onSend,
}: {
  name: string;
  text: string;
  draft: Draft;
  onText: (text: string) => void;
  onSend: () => void;
}): JSX.Element {
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (draft.kind !== 'new') fieldRef.current?.focus();
  }, [draft]);
  return (
    <textarea
      ref={fieldRef}
      class="input"
      rows={1}
      value={text}
      placeholder="Message"
      aria-label={`Message to ${name}`}
      onInput={(event) => onText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        onSend();
      }}
    />
  );
}

/** Sends the words; with none, a sticker. */
function SendButton({ empty, draft, act }: { empty: boolean; draft: Draft; act: Act }): JSX.Element {
  if (!empty) {
    return (
      <button type="submit" class="icon-button accent" aria-label={draft.kind === 'edit' ? 'Save' : 'Send'}>
        <Icon name="send" />
      </button>
    );
  }
  return (
    <button
      type="button"
      class="icon-button accent"
      aria-label="Send a heart sticker"
      onClick={() => void act('messages', { attachments: [{ type: 'sticker' }] })}
    >
      <Icon name="heart" />
    </button>
  );
}
