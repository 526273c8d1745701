import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CustomerMessageDto } from '../../../src/shared/schemas/message.js';
import { LIMITS } from '../../../src/shared/limits.js';
import type { ChatClient } from '../client/chat-client.js';
import { STRINGS } from '../strings.js';
import { EmojiPicker } from './EmojiPicker.js';
import { Icon } from './Icon.js';
import { senderName } from './Message.js';
import { Tool } from './Tool.js';
import { UploadList } from './UploadList.js';
import type { Uploads } from './use-uploads.js';
import { WriteField } from './WriteField.js';

interface ComposerProps {
  client: ChatClient;
  /** What the visitor had begun to write on an earlier page, and where to keep it. */
  draft: { get: () => string; set: (text: string) => void };
  replyTo: CustomerMessageDto | null;
  onCancelReply: () => void;
  uploads: Uploads;
}

/** Characters left at which the writer is told. */
const WARN_LEFT = 200;
const PREVIEW_LENGTH = 120;

const previewOf = (message: CustomerMessageDto): string =>
  (message.text ?? message.attachments[0]?.name ?? STRINGS.replyUnknown).slice(0, PREVIEW_LENGTH);

const ReplyBar = ({ message, onCancel }: { message: CustomerMessageDto; onCancel: () => void }) => (
  <div class="reply-bar">
    <p class="quote" dir="auto">
      {STRINGS.replyTo(senderName(message))}: {previewOf(message)}
    </p>
    <Tool icon="close" label={STRINGS.cancelReply} onClick={onCancel} />
  </div>
);

const CharactersLeft = ({ left }: { left: number }) =>
  left > WARN_LEFT ? null : (
    <p class={left < 0 ? 'notice' : 'count'} role="status">
      {STRINGS.charactersLeft(left)}
    </p>
  );

function FileTool({ onFiles }: { onFiles: (files: File[]) => void }) {
  const pickerRef = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={pickerRef}
        type="file"
        multiple
        hidden
        tabIndex={-1}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = '';
        }}
      />
      <Tool icon="attach" label={STRINGS.attach} onClick={() => pickerRef.current?.click()} />
    </>
  );
}

const SendButton = ({ disabled, onClick }: { disabled: boolean; onClick: () => void }) => (
  <button
    type="button"
    class="send"
    aria-label={STRINGS.send}
    title={STRINGS.send}
    disabled={disabled}
    onClick={onClick}
  >
    <Icon name="send" />
  </button>
);

/** Where the visitor writes. */
export function Composer({ client, draft, replyTo, onCancelReply, uploads }: ComposerProps) {
  const [text, setText] = useState(draft.get);
  const [picking, setPicking] = useState(false);
  const fieldRef = useRef<HTMLTextAreaElement>(null);

  const attachments = uploads.list.map(({ attachment }) => attachment).filter((attachment) => attachment !== null);
  const left = LIMITS.messageText - text.length;
  const uploaded = attachments.length === uploads.list.length;
  const ready = uploaded && left >= 0 && (text.trim() !== '' || attachments.length > 0);

  const write = (next: string): void => {
    setText(next);
    draft.set(next);
    client.typed(next);
  };
  const submit = (): void => {
    if (!ready) return;
    client.send({
      text: text.trim() === '' ? null : text.trim(),
      attachments,
      payload: null,
      replyTo: replyTo === null ? null : { messageId: replyTo.id, preview: previewOf(replyTo) },
    });
    setText('');
    draft.set('');
    uploads.clear();
    onCancelReply();
    fieldRef.current?.focus();
  };
  const insert = (emoji: string): void => {
    const at = fieldRef.current?.selectionStart ?? text.length;
    const to = fieldRef.current?.selectionEnd ?? at;
    setPicking(false);
    write(text.slice(0, at) + emoji + text.slice(to));
    requestAnimationFrame(() => {
      fieldRef.current?.focus();
      fieldRef.current?.setSelectionRange(at + emoji.length, at + emoji.length);
    });
  };
  useLayoutEffect(() => {
    if (replyTo !== null) fieldRef.current?.focus();
  }, [replyTo]);

  return (
    <div class="composer">
      {replyTo === null ? null : <ReplyBar message={replyTo} onCancel={onCancelReply} />}
      <UploadList uploads={uploads} />
      <CharactersLeft left={left} />
      {picking ? <EmojiPicker onPick={insert} onClose={() => setPicking(false)} /> : null}
      <div class="write">
        <WriteField fieldRef={fieldRef} text={text} onText={write} onEnter={submit} onFiles={uploads.add} />
        <Tool icon="emoji" label={STRINGS.emoji} expanded={picking} onClick={() => setPicking(!picking)} />
        <FileTool onFiles={uploads.add} />
        <SendButton disabled={!ready} onClick={submit} />
      </div>
    </div>
  );
}
