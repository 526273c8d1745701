import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../api/failure.js';
import { useApp } from '../hooks/app-context.js';
import type { AreaContext, AreaDefinition, PaletteEntry } from '../logic/areas.js';
import { commandLines, groupLines } from '../logic/palette.js';
import { PickDialog } from './PickDialog.js';

interface PaletteProps {
  areas: readonly AreaDefinition[];
  context: AreaContext;
  onClose: () => void;
}

/** Finds commands, views, people and conversations, and does or opens what is picked. */
export function Palette({ areas, context, onClose }: PaletteProps) {
  const { t } = useTranslation('shell');
  const { commands } = useApp();
  const [query, setQuery] = useState('');
  const [own] = useState(() => commandLines(commands.runnable()));
  const { entries, failure } = useEntries(areas, context);
  const groups = useMemo(() => groupLines(query, [...own, ...entries]), [query, own, entries]);
  const count = groups.reduce((sum, { lines }) => sum + lines.length, 0);
  return (
    <PickDialog
      title={t('palette.title')}
      placeholder={t('palette.placeholder')}
      query={query}
      onQuery={setQuery}
      groups={groups}
      onPick={(line, close) => {
        close();
        line.run();
      }}
      onClose={onClose}
      closesAt={({ key, ctrlKey, metaKey }) => key === 'k' && (ctrlKey || metaKey)}
      nothing={
        <>
          {t('palette.nothing', { query: query.trim() })}
          <span>{t('palette.nothingHint')}</span>
        </>
      }
      status={failure === null ? t('palette.count', { count }) : t('palette.partFailed', { reason: failure })}
      hint={t('palette.hint')}
    />
  );
}

/** What the areas know of; each adds to the list when it answers, and one that fails does not hide the others. */
function useEntries(areas: readonly AreaDefinition[], context: AreaContext) {
  const [entries, setEntries] = useState<readonly PaletteEntry[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [opened] = useState({ areas, context });
  useEffect(() => {
    let here = true;
    for (const area of opened.areas) {
      area.entries?.(opened.context).then(
        (found) => here && setEntries((held) => [...held, ...found]),
        (error: unknown) => here && setFailure(messageOf(opened.context.words, error)),
      );
    }
    return () => {
      here = false;
      setEntries([]);
    };
  }, [opened]);
  return { entries, failure };
}
