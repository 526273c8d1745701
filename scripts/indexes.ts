import { writeFileSync } from 'node:fs';
import { folderIndexes } from './folder-indexes/folder-indexes.js';

/** Writes the indexes of folders anew. */
for (const { path, text } of await folderIndexes()) writeFileSync(path, text);
