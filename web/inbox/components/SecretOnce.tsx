import { Alert, Button, CopyButton, Group, Stack, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Icon } from './Icon.js';

interface SecretOnceProps {
  /** What kind of secret it is. */
  label: string;
  secret: string;
  /** What it is for and to whom it goes. */
  hint: string;
  onDone: () => void;
}

/** Shows a secret the one time that it can be shown, with a button that copies it. */
export function SecretOnce({ label, secret, hint, onDone }: SecretOnceProps) {
  const { t } = useTranslation('settings');
  return (
    <Stack maw="34rem" gap="lg">
      <Alert color="yellow" variant="light" icon={<Icon name="alert" />} title={t('secret.once')} c="var(--sb-text)">
        {hint}
      </Alert>
      <Group align="flex-end" gap="sm" wrap="nowrap">
        <TextInput
          flex={1}
          label={label}
          value={secret}
          readOnly
          autoFocus
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton value={secret} timeout={3_000}>
          {({ copied, copy }) => (
            <Button
              variant={copied ? 'light' : 'filled'}
              leftSection={<Icon name={copied ? 'tick' : 'copy'} size={16} />}
              onClick={copy}
            >
              <span role="status">{copied ? t('secret.copied') : t('secret.copy')}</span>
            </Button>
          )}
        </CopyButton>
      </Group>
      <Group>
        <Button variant="default" onClick={onDone}>
          {t('secret.done')}
        </Button>
      </Group>
    </Stack>
  );
}
