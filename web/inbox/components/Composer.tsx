import { ActionIcon, Button, FileButton, SegmentedControl, Textarea } from '@mantine/core';
import { useState, type ClipboardEvent, type DragEvent, type KeyboardEvent, type RefObject } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import { LIMITS } from '../../../src/shared/limits.js';
import type { Words } from '../i18n/instance.js';
import type { Composer as ComposerState } from '../hooks/use-composer.js';
import { useHold } from '../hooks/use-inboxes.js';
import { useNow } from '../hooks/use-now.js';
import { checkMessage } from '../logic/composer-check.js';
import type { ComposerMode } from '../logic/drafts.js';
import { contactName } from '../logic/names.js';
import { holdText, replyNotice } from '../logic/reply-notice.js';
import { FileChips } from './FileChips.js';
import { Icon } from './Icon.js';
import classes from './Composer.module.css';

interface ComposerProps {
  composer: ComposerState;
  conversation: ConversationRowDto;
  field: RefObject<HTMLTextAreaElement | null>;
}

const NOTICE_EVERY_MS = 15_000;
const WARN_BELOW = 500;

/** Writes replies to the customer and notes to the team. */
export function Composer({ composer, conversation, field }: ComposerProps) {
  const { t, i18n } = useTranslation('composer');
  const now = useNow(NOTICE_EVERY_MS);
  const { draft, files } = composer;
  const note = draft.mode === 'note';
  const hold = useHold(conversation);
  const notice = replyNotice(i18n, conversation, now);
  const closed = !note && !notice.canReply;
  const text = draft[draft.mode];
  const check = checkMessage(text, files);
  const problem = check.problem === null ? null : t(`problem.${check.problem}`);
  const placeholder = note
    ? t('notePlaceholder')
    : closed
      ? t('closedPlaceholder')
      : t('replyPlaceholder', { name: contactName(i18n, conversation.contact) });
  const dropping = useDropping((dropped) => !closed && composer.addFiles(dropped));

  const send = (): void => {
    if (closed || !check.ready) return;
    composer.send();
    field.current?.focus();
  };
  return (
    <section
      className={classes.root}
      aria-label={t('label')}
      data-note={note || undefined}
      data-dragging={dropping.dragging || undefined}
      {...dropping.handlers}
    >
      <div className={classes.top}>
        <SegmentedControl
          size="xs"
          aria-label={t('kind')}
          value={draft.mode}
          onChange={(mode) => composer.setMode(mode as ComposerMode)}
          data={[
            { value: 'reply', label: t('reply') },
            { value: 'note', label: t('note') },
          ]}
        />
        {!note && notice.text !== null && notice.tone === 'quiet' && (
          <span className={classes.countdown}>{notice.text}</span>
        )}
      </div>
      {!note && <Notices conversation={conversation} hold={holdText(i18n, hold, now)} now={now} />}
      {!note && composer.replyTo !== null && (
        <Quoted preview={composer.replyTo.preview} onCancel={() => composer.setReplyTo(null)} />
      )}
      <FileChips files={files} tray={composer.tray} />
      <MessageField composer={composer} field={field} closed={closed} placeholder={placeholder} onSend={send} />
      <div className={classes.bottom}>
        <AttachButton disabled={closed} onChosen={composer.addFiles} />
        <span className={classes.hint}>
          {problem ?? lengthHint(i18n, text) ?? <span className={classes.keys}>{t('hint')}</span>}
        </span>
        <Button size="sm" disabled={closed || !check.ready} leftSection={<Icon name="send" size={16} />} onClick={send}>
          {note ? t('addNote') : t('send')}
        </Button>
      </div>
    </section>
  );
}

interface MessageFieldProps {
  composer: ComposerState;
  field: RefObject<HTMLTextAreaElement | null>;
  closed: boolean;
  placeholder: string;
  onSend: () => void;
}

/** The text box. Enter sends unless an input method is still composing a character. */
function MessageField({ composer, field, closed, placeholder, onSend }: MessageFieldProps) {
  const { t } = useTranslation('composer');
  const { draft } = composer;
  const text = draft[draft.mode];
  const over = text.trim().length - LIMITS.messageText;
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onSend();
  };
  const paste = (event: ClipboardEvent): void => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0 || closed) return;
    event.preventDefault();
    composer.addFiles(pasted);
  };
  return (
    <Textarea
      ref={field}
      autosize
      minRows={2}
      maxRows={10}
      aria-label={draft.mode === 'note' ? t('noteField') : t('replyField')}
      placeholder={placeholder}
      disabled={closed && text === ''}
      value={text}
      error={over > 0 ? t('tooLong', { count: over }) : null}
      classNames={{ input: classes.input ?? '' }}
      onChange={(event) => composer.setText(event.currentTarget.value)}
      onKeyDown={keyDown}
      onPaste={paste}
      onBlur={() => composer.sayTyping(false)}
    />
  );
}

function AttachButton({ disabled, onChosen }: { disabled: boolean; onChosen: (files: File[]) => void }) {
  const { t } = useTranslation('composer');
  return (
    <FileButton multiple onChange={onChosen}>
      {(props) => (
        <ActionIcon {...props} variant="subtle" color="gray" size="lg" disabled={disabled} aria-label={t('attach')}>
          <Icon name="attach" />
        </ActionIcon>
      )}
    </FileButton>
  );
}

function Quoted({ preview, onCancel }: { preview: string; onCancel: () => void }) {
  const { t } = useTranslation('composer');
  return (
    <div className={classes.quote}>
      <Icon name="reply" size={14} />
      <bdi>{preview}</bdi>
      <ActionIcon variant="subtle" color="gray" aria-label={t('cancelReply')} onClick={onCancel}>
        <Icon name="close" size={14} />
      </ActionIcon>
    </div>
  );
}

/** Lets files be dropped onto an element. */
function useDropping(onDrop: (files: File[]) => void) {
  const [dragging, setDragging] = useState(false);
  const handlers = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setDragging(true);
    },
    onDragLeave: () => setDragging(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setDragging(false);
      onDrop([...event.dataTransfer.files]);
    },
  };
  return { dragging, handlers };
}

function lengthHint(words: Words, text: string): string | null {
  const left = LIMITS.messageText - text.trim().length;
  return left >= 0 && left < WARN_BELOW ? words.t('composer:left', { count: left }) : null;
}

/** Why replies are closed, held back, or in a hurry. */
function Notices({ conversation, hold, now }: { conversation: ConversationRowDto; hold: string | null; now: number }) {
  const { t, i18n } = useTranslation(['composer', 'thread']);
  const notice = replyNotice(i18n, conversation, now);
  const owner = conversation.threadOwner;
  return (
    <>
      {notice.text !== null && notice.tone !== 'quiet' && (
        <p className={classes.notice} data-tone={notice.tone}>
          <Icon name="clock" size={16} /> {notice.text}
        </p>
      )}
      {hold !== null && (
        <p className={classes.notice} data-tone="hint">
          <Icon name="alert" size={16} /> {hold}
        </p>
      )}
      {owner !== null && (
        <p className={classes.notice} data-tone="hint">
          <Icon name="info" size={16} /> {t('thread:threadOwner', { owner })}
        </p>
      )}
    </>
  );
}
