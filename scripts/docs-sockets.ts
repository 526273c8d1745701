import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { socketsPage } from './socket-docs/sockets-page.js';

/** Writes the page about sockets anew. */
writeFileSync(join(import.meta.dirname, '../docs/sockets.md'), socketsPage());
