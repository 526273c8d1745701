import { readdir } from 'node:fs/promises';
import type { ChannelAdapter } from './types.js';

/** Every channel folder's adapter by name; adding a folder is all it takes to add a channel (STYLE 21). */
export async function loadChannels(): Promise<Map<string, ChannelAdapter>> {
  const folders = (await readdir(import.meta.dirname, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const adapters = await Promise.all(
    folders.map(async (folder) => {
      const extension = import.meta.filename.endsWith('.ts') ? 'ts' : 'js';
      const module = (await import(`./${folder.name}/index.${extension}`)) as { default: ChannelAdapter };
      return module.default;
    }),
  );
  return new Map(adapters.map((adapter) => [adapter.name, adapter]));
}
