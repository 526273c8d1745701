import { ActionIcon, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import type { ConversationRowDto } from '../../../../src/shared/schemas/conversation.js';
import type { ListView } from '../../../../src/shared/schemas/view.js';
import { Icon } from '../../components/Icon.js';
import { useApp } from '../../hooks/app-context.js';
import { useCommands } from '../../hooks/use-commands.js';
import { useLabels } from '../../hooks/use-labels.js';
import { viewToQuery } from '../../logic/view.js';
import { changeLabels } from './change-labels.js';
import { LabelDot } from './LabelChips.js';

const loadPicker = () => import('./LabelPicker.js');
const LabelPicker = lazy(loadPicker);

/** Loads the picker before it is asked for, so that no letter typed after the key is lost. */
function usePickerSoon(): void {
  useEffect(() => {
    loadPicker().catch(() => undefined);
  }, []);
}

/** Opens the labels of a conversation; what was picked is done in one act when they are closed. */
export function LabelAction({ conversation }: { conversation: ConversationRowDto }) {
  const { t, i18n } = useTranslation('labels');
  const app = useApp();
  const queryClient = useQueryClient();
  /** What it carried when they were opened, so that what others change meanwhile stays; null: they are closed. */
  const [before, setBefore] = useState<readonly string[] | null>(null);
  usePickerSoon();
  const open = (): void => setBefore(conversation.labels);
  useCommands([{ id: 'labels.change', run: open }]);
  const close = (picked: readonly string[]): void => {
    if (before === null) return;
    setBefore(null);
    const add = picked.filter((id) => !before.includes(id));
    const remove = before.filter((id) => !picked.includes(id));
    if (add.length + remove.length > 0)
      void changeLabels({ ...app, words: i18n, queryClient }, conversation, { add, remove });
  };
  return (
    <>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('change')} onClick={open}>
        <Icon name="label" size={20} />
      </ActionIcon>
      <Suspense>{before !== null && <LabelPicker picked={before} onClose={close} />}</Suspense>
    </>
  );
}

/** Narrows the list to a label, or says to which it is narrowed. */
export function LabelFilter({ view }: { view: ListView }) {
  const { t } = useTranslation('labels');
  const navigate = useNavigate();
  const labels = useLabels();
  const [opened, picker] = useDisclosure(false);
  usePickerSoon();
  const { label: id, ...everything } = view;
  const show = (next: ListView): void => void navigate(`/inbox${viewToQuery(next)}`);
  if (id !== undefined) {
    const label = labels.data?.items.find((one) => one.id === id);
    const title = label?.title ?? (labels.isPending ? '…' : t('deleted'));
    return (
      <Button
        variant="default"
        size="xs"
        leftSection={<LabelDot colour={label?.colour ?? 'grey'} />}
        rightSection={<Icon name="close" size={14} />}
        aria-label={t('filtered', { title })}
        onClick={() => show(everything)}
      >
        <bdi>{title}</bdi>
      </Button>
    );
  }
  if (labels.data === undefined || labels.data.items.length === 0) return null;
  return (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="compact-xs"
        leftSection={<Icon name="label" size={14} />}
        style={{ alignSelf: 'flex-start' }}
        onClick={picker.open}
      >
        {t('filter')}
      </Button>
      <Suspense>
        {opened && (
          <LabelPicker
            onPickOne={(label) => {
              picker.close();
              show({ ...view, label });
            }}
            onClose={picker.close}
          />
        )}
      </Suspense>
    </>
  );
}
