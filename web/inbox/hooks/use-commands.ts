import { useEffect, useRef } from 'react';
import type { CommandPart } from '../stores/command-registry.js';
import { useApp } from './app-context.js';

/**
 * Offers commands while the component is on screen: whole ones, or `{ id, run }` for what an area declares. Their keys work
 * wherever the focus is but a text field.
 */
export function useCommands(commands: readonly CommandPart[]): void {
  const { commands: registry } = useApp();
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  useEffect(() => registry.register(() => latest.current), [registry]);
}
