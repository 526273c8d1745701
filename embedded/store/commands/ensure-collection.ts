import type { Collection } from '../storage/catalog.js';
import { Doc } from '../values/index.js';
import { targetCollection, targetName, type CommandContext } from './context.js';

/**
 * The collection that a command writes to, created when it is not there, as MongoDB does on the first insert. It is
 * created outside the command's transaction, if any: an abort leaves an empty collection behind.
 */
export async function ensureCollection(context: CommandContext): Promise<Collection> {
  const existing = targetCollection(context);
  if (existing !== undefined) return existing;
  const { store } = context.server;
  const name = targetName(context);
  const created = await store.writeOnce(
    ({ writer }) =>
      store.catalog.find(context.database, name) ?? store.catalog.create(writer, context.database, name, new Doc()),
  );
  context.transaction?.collections.add(created);
  return created;
}
