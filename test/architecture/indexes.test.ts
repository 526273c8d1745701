import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { folderIndexes } from '../../scripts/folder-indexes/folder-indexes.js';

test('the indexes name what is in their folders; npm run indexes writes them anew', async () => {
  for (const { path, text } of await folderIndexes()) expect(readFileSync(path, 'utf8')).toBe(text);
});
