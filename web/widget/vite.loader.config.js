import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { defineConfig } from 'vite';

/** The loader that pages embed. It asks for the chat by content hash, so that browsers may keep that file for ever. */
export default defineConfig(() => {
  const chat = readFileSync('dist/web/widget/chat.js');
  const version = createHash('sha256').update(chat).digest('hex').slice(0, 12);
  return {
    publicDir: false,
    define: { CHAT_VERSION: JSON.stringify(version) },
    build: {
      target: 'es2022',
      outDir: 'dist/web/widget',
      emptyOutDir: false,
      lib: { entry: 'web/widget/loader.ts', formats: ['iife'], name: 'SwitchboardLoader', fileName: () => 'widget.js' },
    },
  };
});
