import { Alert, Button, Divider, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { Navigate } from 'react-router';
import { useTranslation } from 'react-i18next';
import { publicApi } from '../../api/auth.js';
import { ApiFailure, refusalOf } from '../../api/failure.js';
import { useSession } from '../../hooks/app-context.js';
import { AuthLayout } from '../../components/AuthLayout.js';
import { formatUnit } from '../../i18n/formats.js';
import { textFor, type Words } from '../../i18n/instance.js';
import { refusalText, type Refusal } from '../../logic/refusal.js';
import { queryKeys } from '../../stores/inbox-cache.js';
import classes from './LoginScene.module.css';

/** Logs staff in; in a demo it offers the ready-made log-ins. */
export default function LoginScene() {
  const session = useSession();
  const { t, i18n } = useTranslation(['login', 'common']);
  const setup = useQuery({ queryKey: queryKeys.setup, queryFn: publicApi.setup });
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<LoginError | null>(session.ended ? 'ended' : null);

  const logIn = async (input: { email: string; password: string }): Promise<void> => {
    setBusy(true);
    setError(null);
    try {
      session.set(await publicApi.login(input));
    } catch (failure) {
      setError(loginErrorOf(failure));
      setBusy(false);
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void logIn({ email: email.trim(), password });
  };

  if (setup.data?.needed) return <Navigate to="/setup" replace />;
  return (
    <AuthLayout title={t('title')} lead={t('lead')}>
      <form onSubmit={submit}>
        <Stack>
          {error !== null && (
            <Alert color="red" role="alert" variant="light" classNames={{ message: classes.alertText ?? '' }}>
              {errorText(i18n, error)}
            </Alert>
          )}
          <TextInput
            label={t('email')}
            type="email"
            autoComplete="username"
            autoFocus
            required
            withAsterisk={false}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            label={t('password')}
            visibilityToggleButtonProps={{ 'aria-label': t('common:showPassword') }}
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button type="submit" loading={busy} fullWidth>
            {t('submit')}
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
  const { t, i18n } = useTranslation('login');
  return (
    <section aria-labelledby="demo-logins">
      <Divider my="lg" />
      <Text id="demo-logins" size="sm" fw={600}>
        {t('demo')}
      </Text>
      <Text size="xs" c="dimmed" mb="xs">
        {t('demoHint')}
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
            rightSection={<bdi className={classes.email}>{email}</bdi>}
            onClick={() => onPick({ email, password })}
          >
            {textFor(i18n, 'common:role.', role) ?? role}
          </Button>
        ))}
      </Stack>
    </section>
  );
}

/** Why there is no session: it ended, the log-in is wrong, too many tries (how long to wait, in seconds), or a refusal. */
type LoginError = 'ended' | 'wrong' | { waitSeconds: number | null } | Refusal;

function loginErrorOf(failure: unknown): LoginError {
  if (!(failure instanceof ApiFailure)) return refusalOf(failure);
  if (failure.status === 401) return 'wrong';
  if (failure.status !== 429) return refusalOf(failure);
  return { waitSeconds: failure.retryAfterMs === null ? null : Math.ceil(failure.retryAfterMs / 1_000) };
}

function errorText(words: Words, error: LoginError): string {
  if (error === 'ended') return words.t('login:ended');
  if (error === 'wrong') return words.t('login:wrong');
  if ('code' in error) return refusalText(words, error);
  if (error.waitSeconds === null) return words.t('login:throttled');
  return words.t('login:throttledFor', { time: formatUnit(words.language, error.waitSeconds, 'second') });
}
