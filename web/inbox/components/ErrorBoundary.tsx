import { Button, Center, Stack, Text, Title } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { strings } from '../strings.js';

/** What a person sees when drawing the page fails. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <Center component="main" h="100dvh" p="md">
        <Stack align="center" ta="center" maw={420}>
          <Title order={1} size="h3">
            {strings.common.crashed}
          </Title>
          <Text c="dimmed">{strings.common.crashedHint}</Text>
          <Button onClick={() => window.location.reload()}>{strings.common.reload}</Button>
        </Stack>
      </Center>
    );
  }
}
