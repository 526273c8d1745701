import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LABEL_COLOURS, LABEL_LIMITS } from '../../../../src/shared/labels.js';
import { messageOf } from '../../api/failure.js';
import { labelsApi } from '../../api/labels.js';
import { PickDialog, type PickLine } from '../../components/PickDialog.js';
import { useApi, useApp } from '../../hooks/app-context.js';
import { labelsQuery, useLabels } from '../../hooks/use-labels.js';
import { plain, rank } from '../../logic/fuzzy.js';
import { leads } from '../../logic/permissions.js';
import { hashIndex } from '../../logic/text.js';
import { LabelDot } from './LabelChips.js';

interface LabelPickerProps {
  /** Ids that are picked already, where several may be. */
  picked?: readonly string[];
  /** Picks one, instead of several. */
  onPickOne?: (id: string) => void;
  /** @param picked ids. */
  onClose: (picked: readonly string[]) => void;
}

const NEW = 'new';

/** Finds labels by typing and picks one or several; those who may can make a new one from what they typed. */
export default function LabelPicker({ picked: before = [], onPickOne, onClose }: LabelPickerProps) {
  const { t, i18n } = useTranslation('labels');
  const { user, http } = useApp();
  const api = useApi(labelsApi);
  const queryClient = useQueryClient();
  const labels = useLabels();
  const [query, setQuery] = useState('');
  const [picked, setPicked] = useState(before);
  /** While a label is being made: closing waits for it, so that it is put on, too. */
  const making = useRef({ label: false, thenClose: false });
  const items = labels.data?.items ?? [];
  const typed = query.trim();
  const isNew = typed !== '' && items.every(({ title }) => plain(title) !== plain(typed));
  const found = rank(query, items, ({ title, description }) => `${title} ${description}`);
  const lines: PickLine[] = found.map(({ id, title, description, colour }) => ({
    id,
    label: title,
    hint: description,
    mark: <LabelDot colour={colour} />,
    ...(onPickOne === undefined ? { checked: picked.includes(id) } : {}),
  }));
  if (isNew && onPickOne === undefined && leads(user))
    lines.push({ id: NEW, label: t('create', { title: typed }), icon: 'plus' });

  const create = async (): Promise<void> => {
    // Half of a character that takes two units is none.
    const title = typed.slice(0, LABEL_LIMITS.title).replace(/[\uD800-\uDBFF]$/, '');
    const colour = LABEL_COLOURS[hashIndex(title, LABEL_COLOURS.length)] ?? 'grey';
    making.current.label = true;
    let made: string[] = [];
    try {
      const { label } = await api.create({ title, colour });
      await queryClient.invalidateQueries(labelsQuery(http));
      made = [label.id];
      setPicked((held) => [...held, ...made]);
      setQuery('');
    } catch (error) {
      notifications.show({ color: 'red', title: t('createFailed'), message: messageOf(i18n, error) });
    }
    making.current.label = false;
    if (making.current.thenClose) onClose([...picked, ...made]);
  };
  const close = (): void => {
    if (making.current.label) making.current.thenClose = true;
    else onClose(picked);
  };
  const pick = ({ id }: PickLine): void => {
    if (making.current.label) return;
    if (id === NEW) void create();
    else if (onPickOne !== undefined) onPickOne(id);
    else setPicked((held) => (held.includes(id) ? held.filter((one) => one !== id) : [...held, id]));
  };
  return (
    <PickDialog
      title={onPickOne === undefined ? t('change') : t('filter')}
      placeholder={t('search')}
      query={query}
      onQuery={setQuery}
      groups={[{ name: '', lines }]}
      onPick={pick}
      onClose={close}
      nothing={
        labels.isError ? (
          messageOf(i18n, labels.error)
        ) : typed === '' ? (
          <>
            {t('empty')}
            <span>{t('emptyHint')}</span>
          </>
        ) : (
          t('nothing', { query: typed })
        )
      }
      status={onPickOne === undefined ? t('picked', { count: picked.length }) : t('found', { count: found.length })}
      hint={onPickOne === undefined ? t('pickHint') : t('pickOneHint')}
    />
  );
}
