import type { Collection } from '../storage/catalog.js';
import { targetCollection, targetName, type CommandContext } from './context.js';

/**
 * The collection that a command writes to, created when it is not there, as MongoDB does on the first insert. Inside a
 * transaction it is created by the commit, and nobody else sees it before.
 */
export async function ensureCollection(context: CommandContext): Promise<Collection> {
  const existing = targetCollection(context);
  if (existing !== undefined) return existing;
  const { store } = context.server;
  const name = targetName(context);
  if (context.transaction !== undefined) return store.createWithin(context.transaction, context.database, name);
  return store.createCollection(context.database, name);
}
