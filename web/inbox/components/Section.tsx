import { Stack, Title } from '@mantine/core';
import { useId, type ReactNode } from 'react';
import classes from './Section.module.css';

/** A part of a settings page under a heading of its own. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.root} aria-labelledby={id}>
      <Stack gap="sm">
        <Title id={id} order={2} size="h5">
          {title}
        </Title>
        {children}
      </Stack>
    </section>
  );
}
