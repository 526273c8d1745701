import { afterEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openChildLog } from '../../../embedded/launcher/child-log.js';
import { cleanUp, temporaryFolder } from './support.js';
import { until } from '../../support/until.js';

afterEach(cleanUp);

const MAX = 2_000;

test('a log is moved aside while its child goes on writing, and one old file is kept', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'hub.log');
  const log = openChildLog(path, { maxBytes: MAX, lookEvery: 5 });
  const writes =
    'n=0; while read -r go; do while [ $n -lt 200 ]; do echo "line $n $go" >&2; n=$((n+1)); done; n=0; done';
  const child = spawn('/bin/sh', ['-c', writes], { stdio: ['pipe', 'ignore', log.fd] });
  try {
    for (const round of ['one', 'two', 'three']) {
      child.stdin?.write(`${round}\n`);
      await until(`round ${round} is in the older file`, () => older(path).includes(` ${round}\n`));
      await until('the log is small again', () => statSync(path).size <= MAX);
    }
    child.stdin?.end();
    await once(child, 'exit');
    expect(readdirSync(folder).sort()).toEqual(['hub.log', 'hub.log.1']);
    expect(older(path)).not.toContain(' one\n');
    log.write('the last word');
    expect(log.tail()).toMatch(/the last word$/);
  } finally {
    child.kill('SIGKILL');
    log.close();
  }
});

function older(path: string): string {
  try {
    return readFileSync(`${path}.1`, 'utf8');
  } catch {
    return '';
  }
}

test('the last words are found after they were moved', () => {
  const path = join(temporaryFolder(), 'hub.log');
  const first = openChildLog(path, { maxBytes: MAX });
  first.write(`${'x'.repeat(MAX)} and the reason`);
  first.close();
  const second = openChildLog(path, { maxBytes: MAX });
  expect(second.tail()).toMatch(/and the reason$/);
  second.close();
});
