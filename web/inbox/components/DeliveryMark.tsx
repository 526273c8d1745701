import { Button, Loader } from '@mantine/core';
import { useState } from 'react';
import { deliveryOf } from '../../../src/shared/delivery.js';
import type { ConversationRowDto, DeliveryState, MessageDto } from '../../../src/shared/dto.js';
import { notifications } from '@mantine/notifications';
import { conversationsApi } from '../api/conversations.js';
import { messageOf } from '../api/failure.js';
import { useApi, useApp } from '../hooks/app-context.js';
import { strings } from '../strings.js';
import { Icon, type IconName } from './Icon.js';
import classes from './DeliveryMark.module.css';

interface DeliveryMarkProps {
  message: MessageDto;
  conversation: ConversationRowDto;
}

const icons: Record<DeliveryState, IconName> = {
  queued: 'clock',
  sending: 'clock',
  sent: 'tick',
  delivered: 'ticks',
  read: 'ticks',
  failed: 'alert',
  unconfirmed: 'question',
};

/** How far our message has come, what went wrong, and sending it again. */
export function DeliveryMark({ message, conversation }: DeliveryMarkProps) {
  const state = deliveryOf(message, conversation);
  if (message.kind === 'note' || state === null) return null;
  const sent = message.parts.filter((part) => part.state === 'sent').length;
  const partly = message.parts.length > 1 && sent < message.parts.length && (sent > 0 || state === 'failed');
  return (
    <>
      {message.sentTwice && (
        <span className={classes.warn} title={strings.message.sentTwiceHint}>
          {strings.message.sentTwice}
        </span>
      )}
      {partly && <span>{strings.message.parts(sent, message.parts.length)}</span>}
      <Icon
        name={icons[state]}
        size={16}
        label={strings.deliveries[state]}
        className={classes.icon}
        data-state={state}
      />
      {(state === 'failed' || state === 'unconfirmed') && (
        <Trouble message={message} conversationId={conversation.id} state={state} />
      )}
    </>
  );
}

interface TroubleProps {
  message: MessageDto;
  conversationId: string;
  state: 'failed' | 'unconfirmed';
}

function Trouble({ message, conversationId, state }: TroubleProps) {
  const { live } = useApp();
  const api = useApi(conversationsApi);
  const [busy, setBusy] = useState(false);
  const sendAgain = async (): Promise<void> => {
    setBusy(true);
    try {
      live.cache.applyLive(await api.sendAgain(conversationId, message.id));
    } catch (error) {
      notifications.show({ color: 'red', title: strings.message.sendAgainFailed, message: messageOf(error) });
    } finally {
      setBusy(false);
    }
  };
  const reason = message.failure ?? message.parts.find((part) => part.error !== null)?.error ?? null;
  return (
    <div className={classes.trouble}>
      <span>
        {reason ?? strings.deliveries[state]}
        {state === 'unconfirmed' && ` ${strings.message.sendAgainUnconfirmed}`}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        disabled={busy}
        leftSection={busy ? <Loader size={12} /> : <Icon name="reload" size={14} />}
        onClick={() => void sendAgain()}
      >
        {strings.message.sendAgain}
      </Button>
    </div>
  );
}
