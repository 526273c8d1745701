import { defineConfig } from 'vite';

/** The chat: one classic script that leaves `SwitchboardChat` behind. Build it before the loader, which names its hash. */
export default defineConfig({
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { 'process.env.NODE_ENV': '"production"' },
  build: {
    target: 'es2022',
    outDir: 'dist/web/widget',
    emptyOutDir: true,
    lib: { entry: 'web/widget/chat.tsx', formats: ['iife'], name: 'SwitchboardChat', fileName: () => 'chat.js' },
  },
});
