import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { OutboxConsumer } from './consumer.js';

/** Every consumer by its file; adding one edits no list (STYLE 21). */
export async function loadConsumers(): Promise<OutboxConsumer[]> {
  const files = (await readdir(path.join(import.meta.dirname, 'consumers'))).filter((file) =>
    /\.consumer\.(ts|js)$/.test(file),
  );
  return Promise.all(
    files.map(async (file) => ((await import(`./consumers/${file}`)) as { default: OutboxConsumer }).default),
  );
}
