import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withAllowList } from './store-docs/allow-list.js';

/** Writes the allow-list anew into the store's README. */
const README = join(import.meta.dirname, '../embedded/store/README.md');

writeFileSync(README, withAllowList(readFileSync(README, 'utf8')));
