import { Button, Loader } from '@mantine/core';
import { useState } from 'react';
import { deliveryOf } from '../../../src/shared/thread-order.js';
import type { ConversationRowDto } from '../../../src/shared/schemas/conversation.js';
import type { MessageDto } from '../../../src/shared/schemas/message.js';
import type { DeliveryState } from '../../../src/shared/words.js';
import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { conversationsApi } from '../api/conversations.js';
import { messageOf } from '../api/failure.js';
import { useApi, useApp } from '../hooks/app-context.js';
import { faultText } from '../logic/fault-text.js';
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
  const { t } = useTranslation('message');
  const state = deliveryOf(message, conversation);
  if (message.kind === 'note' || state === null) return null;
  const sent = message.parts.filter((part) => part.state === 'sent').length;
  const partly = message.parts.length > 1 && sent < message.parts.length && (sent > 0 || state === 'failed');
  return (
    <>
      {message.sentTwice && (
        <span className={classes.warn} title={t('sentTwiceHint')}>
          {t('sentTwice')}
        </span>
      )}
      {partly && <span>{t('parts', { sent, all: message.parts.length })}</span>}
      <Icon name={icons[state]} size={16} label={t(`delivery.${state}`)} className={classes.icon} data-state={state} />
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
  const { t, i18n } = useTranslation('message');
  const { live } = useApp();
  const api = useApi(conversationsApi);
  const [busy, setBusy] = useState(false);
  const sendAgain = async (): Promise<void> => {
    setBusy(true);
    try {
      live.cache.applyLive(await api.sendAgain(conversationId, message.id));
    } catch (error) {
      notifications.show({ color: 'red', title: t('sendAgainFailed'), message: messageOf(i18n, error) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className={classes.trouble}>
      <span>
        {faultText(i18n, message) ?? t(`delivery.${state}`)}
        {state === 'unconfirmed' && ` ${t('checkFirst')}`}
      </span>
      <Button
        size="compact-xs"
        variant="default"
        disabled={busy}
        leftSection={busy ? <Loader size={12} /> : <Icon name="reload" size={14} />}
        onClick={() => void sendAgain()}
      >
        {t('sendAgain')}
      </Button>
    </div>
  );
}
