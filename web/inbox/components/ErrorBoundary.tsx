import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** What a person sees when drawing the page fails. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <Crashed />;
  }
}

function Crashed() {
  const { t } = useTranslation();
  return (
    <Center component="main" h="100dvh" p="md">
      <Stack align="center" ta="center" maw={420}>
        <Title order={1} size="h3">
          {t('crashed')}
        </Title>
        <Text c="dimmed">{t('crashedHint')}</Text>
        <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
      </Stack>
    </Center>
  );
}
