import { Modal } from '@mantine/core';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { step } from '../logic/palette.js';
import type { KeyName } from '../logic/keys.js';
import { Icon, type IconName } from './Icon.js';
import { Keys } from './Keys.js';
import classes from './PickDialog.module.css';

/** Something that can be picked. */
export interface PickLine {
  id: string;
  label: string;
  hint?: string | undefined;
  icon?: IconName | undefined;
  /** In the place of the icon. */
  mark?: ReactNode;
  keys?: readonly KeyName[] | undefined;
  /** Whether it is picked, where several may be. */
  checked?: boolean;
}

interface PickDialogProps<L extends PickLine> {
  title: string;
  placeholder: string;
  query: string;
  onQuery: (query: string) => void;
  /** A group without a name has no heading. */
  groups: readonly { name: string; lines: readonly L[] }[];
  /** @param close closes it, with the focus back where it was. */
  onPick: (line: L, close: () => void) => void;
  onClose: () => void;
  /** Whether this key closes it besides Escape. */
  closesAt?: (event: KeyboardEvent) => boolean;
  /** Said where no line is left. */
  nothing: ReactNode;
  /** At its foot: what is found or picked, and which keys do what. */
  status: string;
  hint: string;
}

/** A field over a list: typing narrows the list, arrows and Enter pick from it, Escape closes it. */
export function PickDialog<L extends PickLine>(props: PickDialogProps<L>) {
  const { title, query, onQuery, groups, onPick, onClose, closesAt, nothing, status, hint } = props;
  const [at, setAt] = useState(0);
  const [before] = useState(() => document.activeElement);
  const lines = groups.flatMap((group) => group.lines);
  const chosen = Math.min(at, Math.max(0, lines.length - 1));

  const close = (): void => {
    onClose();
    if (before instanceof HTMLElement) before.focus();
  };
  const pick = (line: L | undefined): void => {
    if (line !== undefined) onPick(line, close);
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') pick(lines[chosen]);
    else if (event.key === 'ArrowDown') setAt(step(chosen, 1, lines.length));
    else if (event.key === 'ArrowUp') setAt(step(chosen, -1, lines.length));
    else if (closesAt?.(event) === true) close();
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
      title={<span className={classes.title}>{title}</span>}
      classNames={{ header: classes.header ?? '', body: classes.body ?? '' }}
    >
      <Field
        title={title}
        placeholder={props.placeholder}
        query={query}
        activeId={lines[chosen]?.id}
        onQuery={(text) => {
          onQuery(text);
          setAt(0);
        }}
        onKeyDown={keyDown}
      />
      <div
        className={classes.list}
        id={LIST_ID}
        role="listbox"
        aria-label={title}
        aria-multiselectable={lines.some(({ checked }) => checked !== undefined) || undefined}
      >
        {groups.map(({ name, lines: members }) => (
          <div key={name} role="group" aria-label={name || title}>
            {name !== '' && (
              <div className={classes.group} aria-hidden>
                {name}
              </div>
            )}
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
      {lines.length === 0 && <p className={classes.nothing}>{nothing}</p>}
      <footer className={classes.foot}>
        <span role="status">{status}</span>
        <span className={classes.hint}>{hint}</span>
      </footer>
    </Modal>
  );
}

const LIST_ID = 'pick-list';
const lineId = (id: string): string => `pick-${id}`;

interface FieldProps {
  title: string;
  placeholder: string;
  query: string;
  activeId: string | undefined;
  onQuery: (query: string) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

function Field({ title, placeholder, query, activeId, onQuery, onKeyDown }: FieldProps) {
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
        aria-label={title}
        placeholder={placeholder}
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
  line: PickLine;
  chosen: boolean;
  onPoint: () => void;
  onPick: () => void;
}

function Line({ line, chosen, onPoint, onPick }: LineProps) {
  const { id, label, hint = '', icon = 'forward', mark, keys = [], checked } = line;
  const element = useRef<HTMLDivElement>(null);
  const hintId = useId();
  useEffect(() => {
    if (chosen) element.current?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  return (
    <div
      ref={element}
      id={lineId(id)}
      className={classes.line}
      role="option"
      aria-selected={chosen}
      aria-checked={checked}
      aria-describedby={hint === '' ? undefined : hintId}
      onMouseMove={onPoint}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      {checked !== undefined && <span className={classes.check}>{checked && <Icon name="tick" size={16} />}</span>}
      {mark ?? <Icon name={icon} size={16} />}
      <bdi className={classes.label}>{label}</bdi>
      {hint !== '' && (
        <bdi id={hintId} className={classes.about}>
          {hint}
        </bdi>
      )}
      {keys.length > 0 && <Keys keys={keys} />}
    </div>
  );
}
