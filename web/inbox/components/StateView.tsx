import { Button, Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from './Icon.js';
import classes from './StateView.module.css';

interface StateViewProps {
  icon: IconName;
  title: string;
  hint?: string | undefined;
  /** Shown as a button under the text. */
  onRetry?: () => void;
  /** Another way out. */
  action?: { label: string; run: () => void };
}

/** An empty or failed state in the middle of a pane. */
export function StateView({ icon, title, hint, onRetry, action }: StateViewProps) {
  const { t } = useTranslation('common');
  return (
    <Stack align="center" justify="center" gap="xs" className={classes.root} role={onRetry ? 'alert' : undefined}>
      <span className={classes.icon}>
        <Icon name={icon} size={28} />
      </span>
      <Text fw={600}>{title}</Text>
      {hint !== undefined && (
        <Text size="sm" c="dimmed" maw={300}>
          {hint}
        </Text>
      )}
      {onRetry && (
        <Button variant="default" size="sm" onClick={onRetry} leftSection={<Icon name="reload" size={16} />}>
          {t('tryAgain')}
        </Button>
      )}
      {action && (
        <Button variant="default" size="sm" onClick={action.run}>
          {action.label}
        </Button>
      )}
    </Stack>
  );
}
