import { Modal } from '@mantine/core';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { messageOf } from '../api/failure.js';
import { useApp } from '../hooks/app-context.js';
import type { AreaContext, AreaDefinition, PaletteEntry } from '../logic/areas.js';
import { commandLines, groupLines, step, type PaletteLine } from '../logic/palette.js';
import { Icon } from './Icon.js';
import { Keys } from './Keys.js';
import classes from './Palette.module.css';

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
  const [at, setAt] = useState(0);
  const [own] = useState(() => commandLines(commands.runnable()));
  const { entries, failure } = useEntries(areas, context);
  const [before] = useState(() => document.activeElement);
  const groups = useMemo(() => groupLines(query, [...own, ...entries]), [query, own, entries]);
  const lines = groups.flatMap((group) => group.lines);
  const chosen = Math.min(at, Math.max(0, lines.length - 1));

  const close = (): void => {
    onClose();
    if (before instanceof HTMLElement) before.focus();
  };
  const pick = (line: PaletteLine | undefined): void => {
    if (line === undefined) return;
    close();
    line.run();
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') pick(lines[chosen]);
    else if (event.key === 'ArrowDown') setAt(step(chosen, 1, lines.length));
    else if (event.key === 'ArrowUp') setAt(step(chosen, -1, lines.length));
    else if (event.key === 'k' && (event.ctrlKey || event.metaKey)) close();
    else return;
    event.preventDefault();
  };

  return (
    <Modal
      opened
      onClose={close}
      returnFocus={false}
      withCloseButton={false}
      size={620}
      padding={0}
      yOffset="12dvh"
      transitionProps={{ duration: 0 }}
      title={<span className={classes.title}>{t('palette.title')}</span>}
      classNames={{ header: classes.header ?? '', body: classes.body ?? '' }}
    >
      <Field
        query={query}
        activeId={lines[chosen]?.id}
        onQuery={(text) => {
          setQuery(text);
          setAt(0);
        }}
        onKeyDown={keyDown}
      />
      <div className={classes.list} id={LIST_ID} role="listbox" aria-label={t('palette.results')}>
        {groups.map(({ name, lines: members }) => (
          <div key={name} role="group" aria-label={name}>
            <div className={classes.group} aria-hidden>
              {name}
            </div>
            {members.map((line) => (
              <Line
                key={line.id}
                line={line}
                chosen={line === lines[chosen]}
                onPoint={() => setAt(lines.indexOf(line))}
                onPick={() => pick(line)}
              />
            ))}
          </div>
        ))}
      </div>
      {lines.length === 0 && (
        <p className={classes.nothing}>
          {t('palette.nothing', { query: query.trim() })}
          <span>{t('palette.nothingHint')}</span>
        </p>
      )}
      <footer className={classes.foot}>
        <span role="status">
          {failure === null
            ? t('palette.count', { count: lines.length })
            : t('palette.partFailed', { reason: failure })}
        </span>
        <span className={classes.hint}>{t('palette.hint')}</span>
      </footer>
    </Modal>
  );
}

const LIST_ID = 'palette-list';
const lineId = (id: string): string => `palette-${id}`;

interface FieldProps {
  query: string;
  activeId: string | undefined;
  onQuery: (text: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function Field({ query, activeId, onQuery, onKeyDown }: FieldProps) {
  const { t } = useTranslation('shell');
  return (
    <div className={classes.field}>
      <Icon name="search" size={20} />
      <input
        className={classes.input}
        // At once, so that no letter typed after the key is lost.
        autoFocus
        data-autofocus
        role="combobox"
        aria-expanded
        aria-autocomplete="list"
        aria-controls={LIST_ID}
        aria-activedescendant={activeId === undefined ? undefined : lineId(activeId)}
        aria-label={t('palette.title')}
        placeholder={t('palette.placeholder')}
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => onQuery(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
    </div>
  );
}

interface LineProps {
  line: PaletteLine;
  chosen: boolean;
  onPoint: () => void;
  onPick: () => void;
}

function Line({ line, chosen, onPoint, onPick }: LineProps) {
  const element = useRef<HTMLDivElement>(null);
  const hintId = useId();
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div
      ref={element}
      id={lineId(line.id)}
      className={classes.line}
      role="option"
      aria-selected={chosen}
      aria-describedby={line.hint === undefined ? undefined : hintId}
      onMouseMove={onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      <Icon name={line.icon ?? 'forward'} size={16} />
      <span className={classes.label}>{line.label}</span>
      {line.hint !== undefined && (
        <span id={hintId} className={classes.about}>
          {line.hint}
        </span>
      )}
      {line.keys !== undefined && line.keys.length > 0 && <Keys keys={line.keys} />}
    </div>
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
