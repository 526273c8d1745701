import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { api } from '../api.js';
import type { Page, SandboxState } from '../types.js';
import { Section } from './Section.js';

interface Props {
  state: SandboxState;
  page: Page | null;
  run: (act: () => Promise<unknown>) => Promise<boolean>;
}

const TOKEN_FAULTS = [
  ['', 'Token works'],
  ['463', 'Token expired'],
  ['460', 'Password changed'],
  ['458', 'App removed'],
  ['467', 'Token invalid'],
] as const;

/** Switches that stay as they are set: receipts, the Page's token, starting over. */
export function PageSwitches({ state, page, run }: Props): JSX.Element {
  const { delivery, read, batch, requireProof } = state.settings;
  const [sure, setSure] = useState(false);
  const reset = async (): Promise<void> => {
    if (!sure) return setSure(true);
    await run(api.reset);
    setSure(false);
  };
  return (
    <>
      <Section title="Receipts">
        <Check
          label="Report replies as delivered"
          checked={delivery === 'auto'}
          onChange={(on) => run(() => api.settings({ delivery: on ? 'auto' : 'off' }))}
        />
        <Check
          label="Report replies as read, phone open or not"
          checked={read === 'auto'}
          onChange={(on) => run(() => api.settings({ read: on ? 'auto' : 'off' }))}
        />
        <Check
          label="Pack waiting events into one webhook"
          checked={batch > 1}
          onChange={(on) => run(() => api.settings({ batch: on ? 10 : 1 }))}
        />
      </Section>
      {page !== null && (
        <Section title={page.name}>
          <div class="fields">
            <select
              class="input"
              aria-label="Page token"
              value={page.tokenFault ?? ''}
              onChange={({ currentTarget: { value } }) =>
                void run(() => api.tokenFault(page.id, value === '' ? null : Number(value)))
              }
            >
              {TOKEN_FAULTS.map(([value, label]) => (
                <option key={value} value={value}>
                  {label}
                </option>
              ))}
            </select>
          </div>
          <Check
            label="Refuse calls without appsecret_proof"
            checked={requireProof}
            onChange={(on) => run(() => api.settings({ requireProof: on }))}
          />
        </Section>
      )}
      <Section title="Start over">
        <button type="button" class={sure ? 'danger-button' : 'secondary-button'} onClick={() => void reset()}>
          {sure ? 'Yes, erase every message' : 'Reset the sandbox'}
        </button>
        {sure && (
          <button type="button" class="text-button" onClick={() => setSure(false)}>
            Keep everything
          </button>
        )}
      </Section>
    </>
  );
}

function Check({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (on: boolean) => Promise<boolean>;
}): JSX.Element {
  return (
    <label class="check">
      <input type="checkbox" checked={checked} onChange={(event) => void onChange(event.currentTarget.checked)} />
      {label}
    </label>
  );
}
