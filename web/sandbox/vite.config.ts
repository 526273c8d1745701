import { defineConfig } from 'vite';

/** Build of the phone page: `vite build --config web/sandbox/vite.config.ts`. */
export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: '../../dist/web/sandbox', emptyOutDir: true, assetsInlineLimit: 0 },
});
