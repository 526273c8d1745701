import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { api } from '../api.js';
import { ECHO_PRESETS, ruleText, SEND_PRESETS, WEBHOOK_PRESETS, type Preset } from '../presets.js';
import type { KnownError, Page, Person, SandboxState } from '../types.js';
import { PageSwitches } from './PageSwitches.js';
import { Icon } from './Icon.js';
import { PersonSwitches } from './PersonSwitches.js';
import { Section } from './Section.js';

interface Props {
  state: SandboxState;
  person: Person | null;
  page: Page | null;
  run: (act: () => Promise<unknown>) => Promise<boolean>;
  onClose: () => void;
}

/** How often and for whom the next switch applies. */
interface Reach {
  times: number | null;
  onlyPerson: boolean;
}

/** Everything that can go wrong on purpose. */
export function Drawer({ state, person, page, run, onClose }: Props): JSX.Element {
  const [reach, setReach] = useState<Reach>({ times: 1, onlyPerson: true });
  const add = ({ kind, mode, event }: Preset): Promise<boolean> =>
    run(() => api.addRule(kind, mode, reach.times, reach.onlyPerson ? (person?.id ?? null) : null, event));

  return (
    <aside class="drawer" aria-label="Misbehave">
      <header class="panel-header">
        <h2>Misbehave</h2>
        <button type="button" class="icon-button" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <Section title="Switched on">
        <Rules state={state} run={run} />
      </Section>
      <Section title="The next switch applies">
        <ReachFields reach={reach} onChange={setReach} name={person?.firstName ?? 'this person'} />
      </Section>
      <Section title="Events on their way to the hub">
        <Presets presets={WEBHOOK_PRESETS} onPick={add} />
      </Section>
      <Section title="Replies the hub sends">
        <Presets presets={SEND_PRESETS} onPick={add} />
        <ErrorPicker onPick={add} />
      </Section>
      <Section title="Echo of a reply">
        <Presets presets={ECHO_PRESETS} onPick={add} />
      </Section>
      {person !== null && <PersonSwitches key={person.id} person={person} appId={state.app.id} run={run} />}
      <PageSwitches state={state} page={page} run={run} />
    </aside>
  );
}

function Rules({ state, run }: Pick<Props, 'state' | 'run'>): JSX.Element {
  if (state.rules.length === 0) return <p class="muted">Nothing. Everything works as it should.</p>;
  const nameOf = (id: string): string => state.people.find((person) => person.id === id)?.firstName ?? id;
  return (
    <>
      <ul class="rules">
        {state.rules.map(({ id, kind, mode, times, match }) => (
          <li key={id}>
            <span>
              {ruleText(kind, mode)}
              <small>
                {times === null ? 'always' : times === 1 ? 'once' : `${times} times`}
                {match.personId !== undefined && ` · ${nameOf(match.personId)}`}
              </small>
            </span>
            <button
              type="button"
              class="icon-button small"
              aria-label={`Switch off: ${ruleText(kind, mode)}`}
              onClick={() => void run(() => api.removeRule(id))}
            >
              <Icon name="close" size={18} />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="text-button" onClick={() => void run(api.clearRules)}>
        Switch everything off
      </button>
    </>
  );
}

const TIMES = [
  ['1', 'once'],
  ['3', '3 times'],
  ['10', '10 times'],
  ['', 'always'],
] as const;

function ReachFields({
  reach,
  onChange,
  name,
}: {
  reach: Reach;
  onChange: (reach: Reach) => void;
  name: string;
}): JSX.Element {
  return (
    <div class="fields">
      <select
        class="input"
        aria-label="How often"
        value={reach.times ?? ''}
        onChange={({ currentTarget: { value } }) => onChange({ ...reach, times: value === '' ? null : Number(value) })}
      >
        {TIMES.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </select>
      <select
        class="input"
        aria-label="For whom"
        value={reach.onlyPerson ? 'person' : 'all'}
        onChange={({ currentTarget: { value } }) => onChange({ ...reach, onlyPerson: value === 'person' })}
      >
        <option value="person">for {name}</option>
        <option value="all">for everybody</option>
      </select>
    </div>
  );
}

function Presets({
  presets,
  onPick,
}: {
  presets: readonly Preset[];
  onPick: (preset: Preset) => Promise<boolean>;
}): JSX.Element {
  return (
    <div class="chips">
      {presets.map((preset) => (
        <button key={preset.label} type="button" class="chip" onClick={() => void onPick(preset)}>
          {preset.label}
        </button>
      ))}
    </div>
  );
}

/** Any error of the platform. */
function ErrorPicker({ onPick }: { onPick: (preset: Preset) => Promise<boolean> }): JSX.Element {
  const [errors, setErrors] = useState<KnownError[]>([]);
  const [chosen, setChosen] = useState(0);
  useEffect(() => {
    api.errors().then(setErrors, () => undefined);
  }, []);
  const pick = (): void => {
    const error = errors[chosen];
    if (error === undefined) return;
    const { code, subcode } = error;
    void onPick({ label: '', kind: 'send', mode: { type: 'error', code, subcode } });
  };
  return (
    <div class="fields stacked">
      <select
        class="input"
        aria-label="Error answer"
        value={chosen}
        onChange={({ currentTarget }) => setChosen(Number(currentTarget.value))}
      >
        {errors.map(({ code, subcode, message }, index) => (
          <option key={index} value={index}>
            {code}
            {subcode === null ? '' : `/${subcode}`} {message.replace(/^\(#\d+\) /, '')}
          </option>
        ))}
      </select>
      <button type="button" class="secondary-button" onClick={pick}>
        Answer this
      </button>
    </div>
  );
}
