import { Alert, Button, Group, Stack } from '@mantine/core';
import { useEffect, useRef, type FormEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SettingsFormState } from '../hooks/use-settings-form.js';
import { Icon } from './Icon.js';
import classes from './SettingsForm.module.css';
import { UnsavedGuard } from './UnsavedGuard.js';

interface SettingsFormProps<V extends object> {
  form: SettingsFormState<V>;
  /** What the form is called for those who cannot see it. */
  label: string;
  /** The button's text; without it "Save". */
  submitLabel?: string;
  children: ReactNode;
}

/**
 * A form of the settings: fields, save button, how saving went, and the question before unsaved changes are left. Enter saves
 * from a field of one line, Ctrl-Enter from any.
 */
export function SettingsForm<V extends object>({ form, label, submitLabel, children }: SettingsFormProps<V>) {
  const { t } = useTranslation('settings');
  const { state, dirty } = form;
  const element = useRef<HTMLFormElement>(null);
  const failed = state.kind === 'failed';
  useEffect(() => {
    if (failed) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [failed]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void form.submit();
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    element.current?.requestSubmit();
  };
  return (
    <form ref={element} className={classes.root} aria-label={label} noValidate onSubmit={submit} onKeyDown={keyDown}>
      <Stack gap="lg">
        {children}
        {failed && (
          <Alert color="red" variant="light" role="alert" classNames={{ message: classes.alert ?? '' }}>
            {t('form.failed', { reason: state.reason })}
          </Alert>
        )}
        <Group gap="sm">
          <Button type="submit" loading={state.kind === 'saving'} disabled={!dirty}>
            {submitLabel ?? t('form.save')}
          </Button>
          {dirty && state.kind !== 'saving' && (
            <Button variant="subtle" color="gray" onClick={form.reset}>
              {t('form.discard')}
            </Button>
          )}
          <span className={classes.state} role="status">
            {state.kind === 'saved' && !dirty && (
              <>
                <Icon name="tick" size={16} /> {t('form.saved')}
              </>
            )}
          </span>
        </Group>
      </Stack>
      <UnsavedGuard unsaved={dirty} mayLeave={form.mayLeave} />
    </form>
  );
}
