import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Navigate } from 'react-router';
import { publicApi } from '../../api/auth.js';
import { ApiFailure, messageOf } from '../../api/failure.js';
import { useSession } from '../../hooks/app-context.js';
import { AuthLayout } from '../../components/AuthLayout.js';
import { queryKeys } from '../../stores/inbox-cache.js';
import { strings } from '../../strings.js';
import classes from './LoginScene.module.css';

type Roles = keyof typeof strings.roles;

/** Logs staff in; in a demo it offers the ready-made log-ins. */
export function LoginScene() {
  const session = useSession();
  const setup = useQuery({ queryKey: queryKeys.setup, queryFn: publicApi.setup });
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(session.ended ? strings.login.ended : null);

  const logIn = async (input: { email: string; password: string }): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      session.set(await publicApi.login(input));
    } catch (failure) {
      setError(loginError(failure));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void logIn({ email: email.trim(), password });
  };

  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  return (
    <AuthLayout title={strings.login.title} lead={strings.login.lead}>
      <form onSubmit={submit}>
        <Stack>
          {error !== null && (
            <Alert color="red" role="alert" variant="light" classNames={{ message: classes.alertText ?? '' }}>
              {error}
            </Alert>
          )}
          <TextInput
            label={strings.login.email}
            type="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={strings.login.password}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy} fullWidth>
            {strings.login.submit}
          </Button>
        </Stack>
      </form>
      {setup.data?.demoLogins !== undefined && setup.data.demoLogins.length > 0 && (
        <DemoLogins logins={setup.data.demoLogins} busy={busy} onPick={(login) => void logIn(login)} />
      )}
    </AuthLayout>
  );
}

interface DemoLoginsProps {
  logins: { role: string; email: string; password: string }[];
  busy: boolean;
  onPick: (login: { email: string; password: string }) => void;
}

function DemoLogins({ logins, busy, onPick }: DemoLoginsProps) {
  return (
    <section aria-labelledby="demo-logins">
      <Divider my="lg" />
      <Text id="demo-logins" size="sm" fw={600}>
        {strings.login.demo}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {strings.login.demoHint}
      </Text>
      <Stack gap={6}>
        {logins.map(({ role, email, password }) => (
          <Button
            key={email}
            classNames={{ root: classes.demo ?? '', label: classes.demoRole ?? '', section: classes.demoEmail ?? '' }}
            variant="default"
            justify="space-between"
            fullWidth
            disabled={busy}
            rightSection={<span className={classes.email}>{email}</span>}
            onClick={() => onPick({ email, password })}
          >
            {strings.roles[role as Roles] ?? role}
          </Button>
        ))}
      </Stack>
    </section>
  );
}

function loginError(failure: unknown): string {
  if (!(failure instanceof ApiFailure)) return messageOf(failure);
  if (failure.status === 401) return strings.login.wrong;
  if (failure.status === 429) {
    return strings.login.throttled(failure.retryAfterMs === null ? null : Math.ceil(failure.retryAfterMs / 1_000));
  }
  return failure.message;
}
