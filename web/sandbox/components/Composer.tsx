import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import { safeUrl } from '../safe-url.js';
import type { MenuItem, Message, Page, Person, QuickReply } from '../types.js';
import { Icon } from './Icon.js';

/** What the next words are for. */
export type Draft = { kind: 'new' } | { kind: 'reply' | 'edit'; message: Message };

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
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  const filesRef = useRef<HTMLInputElement>(null);
  const items = page.profile.persistent_menu?.[0]?.call_to_actions ?? [];
  const quick = draft.kind === 'new' ? quickRepliesOf(person.last) : [];

  useEffect(() => {
    if (draft.kind === 'edit') setText(draft.message.text ?? '');
    if (draft.kind !== 'new') fieldRef.current?.focus();
  }, [draft]);

  const act = (name: string, body: unknown): Promise<boolean> => run(() => api.act(person.id, name, body));
  const done = (ok: boolean): void => {
    if (!ok) return;
    setText('');
    onDraft({ kind: 'new' });
  };
  const send = async (): Promise<void> => {
    const words = text.trim();
    if (words === '') return;
    if (draft.kind === 'edit') return done(await act('edits', { mid: draft.message.mid, text: words }));
    const replyTo = draft.kind === 'reply' ? { replyTo: draft.message.mid } : {};
    done(await act('messages', { text: words, ...replyTo }));
  };
  const sendFiles = async (chosen: FileList | null): Promise<void> => {
    const list = [...(chosen ?? [])];
    if (list.length === 0) return;
    await run(async () => {
      const stored = await Promise.all(list.map((file) => api.upload(file)));
      await api.act(person.id, 'messages', { attachments: stored.map(({ id }) => ({ fileId: id })) });
    });
    if (filesRef.current !== null) filesRef.current.value = '';
  };

  return (
    <footer class="composer">
      {quick.length > 0 && (
        <div class="quick-replies" role="group" aria-label="Quick replies">
          {quick.map(({ title = '', payload = '' }) => (
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
      )}
      {draft.kind !== 'new' && (
        <p class="draft-note">
          <span>
            {draft.kind === 'edit' ? 'Editing' : 'Replying to'}: {draft.message.text ?? 'attachment'}
          </span>
          <button
            type="button"
            class="icon-button small"
            aria-label="Cancel"
            onClick={() => {
              if (draft.kind === 'edit') setText('');
              onDraft({ kind: 'new' });
            }}
          >
            <Icon name="close" size={18} />
          </button>
        </p>
      )}
      {menu && <PageMenu items={items} act={act} onClose={() => setMenu(false)} />}
      <form
        class="composer-row"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
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
        <button type="button" class="icon-button" aria-label="Send files" onClick={() => filesRef.current?.click()}>
          <Icon name="attach" />
        </button>
        <input
          ref={filesRef}
          class="hidden"
          type="file"
          multiple
          tabIndex={-1}
          aria-hidden="true"
          onChange={(event) => void sendFiles(event.currentTarget.files)}
        />
        <textarea
          ref={fieldRef}
          class="input"
          rows={1}
          value={text}
          placeholder="Message"
          aria-label={`Message to ${page.name}`}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            void send();
          }}
        />
        {text.trim() === '' ? (
          <button
            type="button"
            class="icon-button accent"
            aria-label="Send a heart sticker"
            onClick={() => void act('messages', { attachments: [{ type: 'sticker' }] })}
          >
            <Icon name="heart" />
          </button>
        ) : (
          <button type="submit" class="icon-button accent" aria-label={draft.kind === 'edit' ? 'Save' : 'Send'}>
            <Icon name="send" />
          </button>
        )}
      </form>
    </footer>
  );
}

/** Quick replies go away with the next message of either side. */
function quickRepliesOf(last: Message | null): QuickReply[] {
  return last?.direction === 'out' ? last.quickReplies.filter(({ title }) => title !== undefined) : [];
}

function PageMenu({
  items,
  act,
  onClose,
}: {
  items: MenuItem[];
  act: (name: string, body: unknown) => Promise<boolean>;
  onClose: () => void;
}): JSX.Element {
  return (
    <div class="page-menu" role="group" aria-label="Menu">
      {items.map(({ type, title = '', url, payload }) =>
        type === 'web_url' ? (
          <a
            key={title}
            class="menu-item"
            href={safeUrl(url)}
            target="_blank"
            rel="noopener noreferrer"
            onClick={onClose}
          >
            {title}
          </a>
        ) : (
          <button
            key={title}
            type="button"
            class="menu-item"
            onClick={() => {
              void act('postbacks', { title, payload: payload ?? title });
              onClose();
            }}
          >
            {title}
          </button>
        ),
      )}
    </div>
  );
}
