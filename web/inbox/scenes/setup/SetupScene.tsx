import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Navigate } from 'react-router';
import { useTranslation } from 'react-i18next';
import { publicApi } from '../../api/auth.js';
import { ApiFailure, messageOf } from '../../api/failure.js';
import { useSession } from '../../hooks/app-context.js';
import { AuthLayout } from '../../components/AuthLayout.js';
import { checkSetup, PASSWORD_MAX_BYTES, PASSWORD_MIN, type SetupForm } from '../../logic/setup-form.js';
import { queryKeys } from '../../stores/inbox-cache.js';

/** Creates the first administrator of a fresh installation. */
export default function SetupScene() {
  const session = useSession();
  const { t, i18n } = useTranslation(['setup', 'common']);
  const setup = useQuery({ queryKey: queryKeys.setup, queryFn: publicApi.setup });
  const [form, setForm] = useState<SetupForm>({ code: '', name: '', email: '', password: '' });
  const [problems, setProblems] = useState<ReturnType<typeof checkSetup>>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const found = checkSetup(form);
    setProblems(found);
    setFailure(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      session.set(await publicApi.createAdmin({ ...form, name: form.name.trim(), email: form.email.trim() }));
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  };
  const errorOf = (name: keyof SetupForm): string | null => {
    const problem = problems[name];
    if (problem === undefined) return fieldError(failure, name);
    return t(`problem.${problem}`, { min: PASSWORD_MIN, max: PASSWORD_MAX_BYTES });
  };
  const field = (name: keyof SetupForm) => ({
    value: form[name],
    error: errorOf(name),
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
  });

  if (setup.data?.needed === false) return <Navigate to="/login" replace />;
  return (
    <AuthLayout title={t('title')} lead={t('lead')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          {failure !== null && (
            <Alert color="red" role="alert">
              {messageOf(i18n, failure)}
            </Alert>
          )}
          <TextInput label={t('code')} description={t('codeHint')} autoComplete="off" autoFocus {...field('code')} />
          <TextInput label={t('name')} autoComplete="name" {...field('name')} />
          <TextInput label={t('email')} type="email" autoComplete="username" {...field('email')} />
          <PasswordInput
            label={t('password')}
            description={t('passwordHint', { count: PASSWORD_MIN })}
            visibilityToggleButtonProps={{ 'aria-label': t('common:showPassword') }}
            autoComplete="new-password"
            {...field('password')}
          />
          <Button type="submit" loading={busy} fullWidth>
            {t('submit')}
          </Button>
        </Stack>
      </form>
    </AuthLayout>
  );
}

/** What the server says about a field, in its own words. */
const fieldError = (failure: unknown, name: keyof SetupForm): string | null =>
  failure instanceof ApiFailure ? (failure.details.find(({ field }) => field === name)?.message ?? null) : null;
