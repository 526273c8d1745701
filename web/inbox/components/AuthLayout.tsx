import { Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './AuthLayout.module.css';

/** The frame of the pages before the inbox. */
export function AuthLayout({ title, lead, children }: { title: string; lead: string; children: ReactNode }) {
  const { t } = useTranslation('common');
  return (
    <main className={classes.root}>
      <Stack w="100%" maw={400} gap="lg">
        <div className={classes.brand}>
          <span className={classes.logo} aria-hidden />
          {t('product')}
        </div>
        <Paper className={classes.card}>
          <Title order={1} size="h3" mb={4}>
            {title}
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            {lead}
          </Text>
          {children}
        </Paper>
      </Stack>
    </main>
  );
}
