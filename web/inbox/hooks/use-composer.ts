import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LIMITS } from '../../../src/shared/limits.js';
import { restoreText, typeInto, type ComposerMode, type Draft } from '../logic/drafts.js';
import { newId } from '../logic/new-id.js';
import type { OutboxItem } from '../logic/outbox.js';
import { useApp } from './app-context.js';
import { useInbox } from './inbox-context.js';
import { useStore } from './use-store.js';

const TYPING_EVERY_MS = 3_000;

export type Composer = ReturnType<typeof useComposer>;

/** The unsent message of one conversation: draft, files, quoted message, and sending it. */
export function useComposer(conversationId: string) {
  const { t } = useTranslation('composer');
  const { live } = useApp();
  const { drafts, trayOf } = useInbox();
  const tray = trayOf(conversationId);
  const files = useStore(tray.items);
  const [draft, setDraft] = useState<Draft>(() => drafts.load(conversationId));
  const [replyTo, setReplyTo] = useState<OutboxItem['replyTo']>(null);
  const sayTyping = useTyping(conversationId);
  const seenRev = (): number => live.cache.thread(conversationId)?.rev ?? 0;

  const change = (next: Draft): void => {
    setDraft(next);
    drafts.save(conversationId, next);
  };
  const setText = (text: string): void => {
    change(typeInto(draft, text, seenRev()));
    if (draft.mode === 'reply') sayTyping(text !== '');
  };
  const setMode = (mode: ComposerMode): void => {
    change({ ...draft, mode });
    if (mode === 'note') sayTyping(false);
  };
  const addFiles = (chosen: readonly File[]): void => {
    if (tray.add(chosen) > 0)
      notifications.show({ color: 'red', message: t('tooMany', { count: LIMITS.filesPerMessage }) });
  };

  const send = (): void => {
    const note = draft.mode === 'note';
    live.outbox.add({
      id: newId(),
      conversationId,
      text: draft[draft.mode].trim(),
      attachments: tray.take(),
      note,
      replyTo: note ? null : replyTo,
      lastSeenRev: draft.seenRev ?? seenRev(),
      force: false,
      createdAt: Date.now(),
      state: 'waiting',
      error: null,
      tries: 0,
      notBefore: 0,
    });
    change(note ? { ...draft, note: '' } : { ...draft, reply: '', seenRev: null });
    if (!note) setReplyTo(null);
    sayTyping(false);
  };

  /** Takes a message out of the outbox and back into the text box. */
  const takeBack = (itemId: string): void => {
    const item = live.outbox.discard(itemId);
    if (item === null) return;
    change(restoreText(draft, item.note ? 'note' : 'reply', item.text, seenRev()));
    tray.putBack(item.attachments, (attachment) => new File([], attachment.name));
    if (item.replyTo !== null) setReplyTo(item.replyTo);
  };

  return { draft, files, tray, replyTo, setReplyTo, setText, setMode, addFiles, send, takeBack, sayTyping };
}

/** Says that the reader is typing, renewed while it goes on, and takes it back on leaving. */
function useTyping(conversationId: string): (isTyping: boolean) => void {
  const { live } = useApp();
  const saidAt = useRef(0);
  const say = useCallback(
    (isTyping: boolean) => {
      if (!isTyping && saidAt.current === 0) return;
      if (isTyping && Date.now() - saidAt.current < TYPING_EVERY_MS) return;
      saidAt.current = isTyping ? Date.now() : 0;
      live.sayTyping(conversationId, isTyping);
    },
    [live, conversationId],
  );
  useEffect(() => () => say(false), [say]);
  return say;
}
