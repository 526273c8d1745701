import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Navigate } from 'react-router';
import { publicApi } from '../../api/auth.js';
import { ApiFailure, messageOf } from '../../api/failure.js';
import { useSession } from '../../hooks/app-context.js';
import { AuthLayout } from '../../components/AuthLayout.js';
import { checkSetup, type SetupForm } from '../../logic/setup-form.js';
import { queryKeys } from '../../stores/inbox-cache.js';
import { strings } from '../../strings.js';

/** Creates the first administrator of a fresh installation. */
export function SetupScene() {
  const session = useSession();
  const setup = useQuery({ queryKey: queryKeys.setup, queryFn: publicApi.setup });
  const [form, setForm] = useState<SetupForm>({ code: '', name: '', email: '', password: '' });
  const [errors, setErrors] = useState<Partial<SetupForm>>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const found = checkSetup(form);
    setErrors(found);
    setFailure(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    try {
      session.set(await publicApi.createAdmin({ ...form, name: form.name.trim(), email: form.email.trim() }));
    } catch (error) {
      setErrors(fieldErrors(error));
      setFailure(messageOf(error));
      setBusy(false);
    }
  };
  const field = (name: keyof SetupForm) => ({
    value: form[name],
    error: errors[name] ?? null,
    onChange: (event: { currentTarget: { value: string } }) => setForm({ ...form, [name]: event.currentTarget.value }),
  });

  if (setup.data?.needed === false) return <Navigate to="/login" replace />;
  return (
    <AuthLayout title={strings.setup.title} lead={strings.setup.lead}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          {failure !== null && (
            <Alert color="red" role="alert">
              {failure}
            </Alert>
          )}
          <TextInput
            label={strings.setup.code}
            description={strings.setup.codeHint}
            autoComplete="off"
            autoFocus
            {...field('code')}
          />
          <TextInput label={strings.setup.name} autoComplete="name" {...field('name')} />
          <TextInput label={strings.setup.email} type="email" autoComplete="username" {...field('email')} />
          <PasswordInput
            label={strings.setup.password}
            description={strings.setup.passwordHint}
            autoComplete="new-password"
            {...field('password')}
          />
          <Button type="submit" loading={busy} fullWidth>
            {strings.setup.submit}
          </Button>
        </Stack>
      </form>
    </AuthLayout>
  );
}

function fieldErrors(error: unknown): Partial<SetupForm> {
  if (!(error instanceof ApiFailure)) return {};
  return Object.fromEntries(error.details.map(({ field, message }) => [field, message]));
}
