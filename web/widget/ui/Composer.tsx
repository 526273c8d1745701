import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { CustomerMessageDto } from '../../../src/shared/dto.js';
import { LIMITS } from '../../../src/shared/limits.js';
import type { ChatClient } from '../client/chat-client.js';
import { STRINGS } from '../strings.js';
import { EmojiPicker } from './EmojiPicker.js';
import { fileSize } from './format.js';
import { Icon, type IconName } from './Icon.js';
import { senderName } from './Message.js';
import type { Upload, Uploads } from './use-uploads.js';

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

interface ToolProps {
  icon: IconName;
  label: string;
  onClick: () => void;
  expanded?: boolean;
}

const Tool = ({ icon, label, onClick, expanded }: ToolProps) => (
  <button type="button" class="tool" aria-label={label} title={label} aria-expanded={expanded} onClick={onClick}>
    <Icon name={icon} />
  </button>
);

interface UploadRowProps {
  upload: Upload;
  onRemove: () => void;
  onRetry: () => void;
}

const UploadRow = ({ upload, onRemove, onRetry }: UploadRowProps) => (
  <li class="upload">
    <Icon name="file" />
    <span class="card-words">
      <span class="card-name">
        <bdi>{upload.file.name}</bdi>
      </span>
      {upload.error === null ? (
        <span class="card-note">
          <bdi>{fileSize(upload.file.size)}</bdi>
        </span>
      ) : (
        <span class="card-error" role="alert">
          {upload.error}
        </span>
      )}
      {upload.attachment === null && upload.error === null ? (
        <progress max={1} value={upload.share} aria-label={STRINGS.uploading(upload.file.name)} />
      ) : null}
    </span>
    {upload.error === null || upload.file.size > LIMITS.fileSize ? null : (
      <button type="button" class="small" aria-label={STRINGS.retryFile(upload.file.name)} onClick={onRetry}>
        {STRINGS.tryAgain}
      </button>
    )}
    <Tool icon="close" label={STRINGS.removeFile(upload.file.name)} onClick={onRemove} />
  </li>
);

const ReplyBar = ({ message, onCancel }: { message: CustomerMessageDto; onCancel: () => void }) => (
  <div class="reply-bar">
    <p class="quote" dir="auto">
      {STRINGS.replyTo(senderName(message))}: {previewOf(message)}
    </p>
    <Tool icon="close" label={STRINGS.cancelReply} onClick={onCancel} />
  </div>
);

const filesOf = (list: FileList | null | undefined): File[] => [...(list ?? [])];

/** Where the visitor writes. */
export function Composer({ client, draft, replyTo, onCancelReply, uploads }: ComposerProps) {
  const [text, setText] = useState(draft.get);
  const [picking, setPicking] = useState(false);
  const fieldRef = useRef<HTMLTextAreaElement>(null);
  const pickerRef = useRef<HTMLInputElement>(null);
  const { list } = uploads;

  const pending = list.some((upload) => upload.attachment === null);
  const left = LIMITS.messageText - text.length;
  const ready = !pending && left >= 0 && (text.trim() !== '' || list.length > 0);

  const write = (next: string): void => {
    setText(next);
    draft.set(next);
    client.typed(next);
  };
  const submit = (): void => {
    if (!ready) return;
    client.send({
      text: text.trim() === '' ? null : text.trim(),
      attachments: list.map(({ attachment }) => attachment).filter((attachment) => attachment !== null),
      payload: null,
      replyTo: replyTo === null ? null : { messageId: replyTo.id, preview: previewOf(replyTo) },
    });
    setText('');
    draft.set('');
    uploads.clear();
    onCancelReply();
    fieldRef.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
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
    if (fieldRef.current === null) return;
    fieldRef.current.style.blockSize = 'auto';
    fieldRef.current.style.blockSize = `${fieldRef.current.scrollHeight}px`;
  }, [text]);
  useLayoutEffect(() => {
    if (replyTo !== null) fieldRef.current?.focus();
  }, [replyTo]);

  return (
    <div class="composer">
      {replyTo === null ? null : <ReplyBar message={replyTo} onCancel={onCancelReply} />}
      {list.length === 0 ? null : (
        <ul class="uploads" aria-label={STRINGS.attached}>
          {list.map((upload) => (
            <UploadRow
              key={upload.id}
              upload={upload}
              onRemove={() => uploads.remove(upload.id)}
              onRetry={() => uploads.retry(upload.id)}
            />
          ))}
        </ul>
      )}
      {uploads.notice === null ? null : (
        <p class="notice" role="alert">
          {uploads.notice}
        </p>
      )}
      {left > WARN_LEFT ? null : (
        <p class={left < 0 ? 'notice' : 'count'} role="status">
          {STRINGS.charactersLeft(left)}
        </p>
      )}
      {picking ? <EmojiPicker onPick={insert} onClose={() => setPicking(false)} /> : null}
      <div class="write">
        <textarea
          ref={fieldRef}
          rows={1}
          value={text}
          dir="auto"
          enterkeyhint="send"
          aria-label={STRINGS.write}
          placeholder={STRINGS.placeholder}
          onInput={(event) => write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => uploads.add(filesOf(event.clipboardData?.files))}
        />
        <input
          ref={pickerRef}
          type="file"
          multiple
          hidden
          tabIndex={-1}
          onChange={(event) => {
            uploads.add(filesOf(event.currentTarget.files));
            event.currentTarget.value = '';
          }}
        />
        <Tool icon="emoji" label={STRINGS.emoji} expanded={picking} onClick={() => setPicking(!picking)} />
        <Tool icon="attach" label={STRINGS.attach} onClick={() => pickerRef.current?.click()} />
        <button
          type="button"
          class="send"
          aria-label={STRINGS.send}
          title={STRINGS.send}
          disabled={!ready}
          onClick={submit}
        >
          <Icon name="send" />
        </button>
      </div>
    </div>
  );
}
