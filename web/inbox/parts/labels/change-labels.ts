import { notifications } from '@mantine/notifications';
import type { QueryClient } from '@tanstack/react-query';
import type { ConversationDto } from '../../../../src/shared/schemas/conversation.js';
import { messageOf } from '../../api/failure.js';
import { labelsApi } from '../../api/labels.js';
import { offerUndo } from '../../components/Undo.js';
import type { App } from '../../hooks/app-context.js';
import { labelsQuery } from '../../hooks/use-labels.js';
import { formatList } from '../../i18n/formats.js';
import type { Words } from '../../i18n/instance.js';

/** Ids of labels. */
export interface LabelChange {
  add: readonly string[];
  remove: readonly string[];
}

interface Context extends Pick<App, 'http' | 'live'> {
  words: Words;
  queryClient: QueryClient;
}

/** Puts labels on a conversation and takes others off, and offers to undo it. Says so when it fails. */
export async function changeLabels(
  context: Context,
  before: Pick<ConversationDto, 'id' | 'labels'>,
  { add, remove }: LabelChange,
  isUndo = false,
): Promise<void> {
  const { http, live, words } = context;
  try {
    const { conversation } = await labelsApi(http).set(before.id, { add, remove });
    live.applyConversation(conversation);
    const change = {
      add: add.filter((id) => !before.labels.includes(id)),
      remove: remove.filter((id) => before.labels.includes(id)),
    };
    if (isUndo || change.add.length + change.remove.length === 0) return;
    offerUndo(words, sayChange(context, change), () => {
      void changeLabels(context, conversation, { add: change.remove, remove: change.add }, true);
    });
  } catch (error) {
    notifications.show({ color: 'red', title: words.t('labels:failed'), message: messageOf(words, error) });
  }
}

function sayChange({ words, queryClient, http }: Context, { add, remove }: LabelChange): string {
  const known = queryClient.getQueryData<{ items: { id: string; title: string }[] }>(labelsQuery(http).queryKey);
  const titles = (ids: readonly string[]): string =>
    formatList(
      words.language,
      ids.flatMap((id) => known?.items.find((label) => label.id === id)?.title ?? []),
    );
  if (remove.length === 0) return words.t('labels:added', { titles: titles(add) });
  if (add.length === 0) return words.t('labels:removed', { titles: titles(remove) });
  return words.t('labels:addedAndRemoved', { added: titles(add), removed: titles(remove) });
}
