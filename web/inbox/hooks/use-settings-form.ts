import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiFailure, messageOf } from '../api/failure.js';
import { differs, sortDetails, type FormFaults } from '../logic/form-state.js';

export type SaveState = { kind: 'idle' } | { kind: 'saving' } | { kind: 'saved' } | { kind: 'failed'; reason: string };

interface FormOptions<V> {
  /** The values that are stored; what a new thing begins with. Read once. */
  initial: V;
  /** Stores the values. Throws ApiFailure. */
  save: (values: V) => Promise<void>;
  /** Runs after the values were stored; leaving the page from here asks nothing. */
  onSaved?: () => void;
}

export type SettingsFormState<V extends object> = ReturnType<typeof useSettingsForm<V>>;

/** The state of a form of the settings: values, what the server says against them, and how saving went. */
export function useSettingsForm<V extends object>({ initial, save, onSaved }: FormOptions<V>) {
  const { i18n } = useTranslation('settings');
  const [stored, setStored] = useState(initial);
  const [values, setValues] = useState(initial);
  const [faults, setFaults] = useState<FormFaults<keyof V & string>>({ fields: {}, others: [] });
  const [state, setState] = useState<SaveState>({ kind: 'idle' });
  const mayLeave = useRef(false);
  const names = Object.keys(initial) as (keyof V & string)[];

  const set = <K extends keyof V & string>(name: K, value: V[K]): void => {
    setValues((held) => ({ ...held, [name]: value }));
    setFaults(({ fields: { [name]: _mended, ...fields }, others }) => ({
      fields: fields as typeof faults.fields,
      others,
    }));
    setState((held) => (held.kind === 'saving' ? held : { kind: 'idle' }));
  };
  const submit = async (): Promise<void> => {
    if (state.kind === 'saving') return;
    const sent = values;
    setState({ kind: 'saving' });
    setFaults({ fields: {}, others: [] });
    try {
      await save(sent);
      setStored(sent);
      setState({ kind: 'saved' });
      mayLeave.current = true;
      onSaved?.();
    } catch (error) {
      const found = sortDetails(error instanceof ApiFailure ? error.details : [], names);
      setFaults(found);
      setState({ kind: 'failed', reason: [messageOf(i18n, error), ...found.others].join(' ') });
    } finally {
      mayLeave.current = false;
    }
  };
  /** What stands beside a field; null: nothing. */
  const errorOf = (name: keyof V & string, label: string): string | null => {
    const fault = faults.fields[name];
    if (fault === undefined) return null;
    const { item, message } = fault;
    const text = /^\p{Ll}/u.test(message) ? `${label} ${message}` : message;
    return item === null ? text : i18n.t('settings:form.line', { line: item + 1, message });
  };
  const reset = (): void => {
    setValues(stored);
    setFaults({ fields: {}, others: [] });
    setState({ kind: 'idle' });
  };
  return { values, set, submit, reset, errorOf, state, dirty: differs(stored, values), mayLeave };
}
