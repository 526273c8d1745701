import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient, ObjectId } from 'mongodb';
import type { Stack } from '../../embedded/launcher/stack.js';
import { adminToken, inboxOf } from '../lib/demo-client.js';
import { percentile } from '../lib/percentile.js';
import { startStackAsBuilt } from '../lib/stack-as-built.js';
import type { BenchCase } from '../lib/types.js';

const FEW = 1_000;
const MANY = 20_000;
const BATCH = 1_000;
const CALLS = 100;
const WARM_UP = 20;

/** Puts open conversations that nobody holds into an inbox, up to a number. */
async function fill(stack: Stack, inboxId: string, from: number, to: number): Promise<void> {
  const client = await MongoClient.connect(stack.urls.mongodb);
  try {
    const conversations = client.db().collection('conversations');
    for (let first = from; first < to; first += BATCH) {
      await conversations.insertMany(
        Array.from({ length: Math.min(BATCH, to - first) }, (_, n) => open(inboxId, first + n)),
      );
    }
  } finally {
    await client.close();
  }
}

const open = (inboxId: string, n: number) => {
  const at = new Date(Date.UTC(2026, 0, 1) + n * 60_000);
  return {
    number: 1_000_000 + n,
    inbox: new ObjectId(inboxId),
    channel: 'web',
    contact: new ObjectId(),
    identity: new ObjectId(),
    current: true,
    status: 'open',
    active: true,
    priority: 'normal',
    assignee: null,
    fence: 0,
    rev: 1,
    version: 1,
    lastAgentRev: 0,
    lastMessage: { message: new ObjectId(), preview: 'Where is my order?', senderType: 'contact', at },
    lastActivityAt: at,
    contactMessageCount: 1,
    createdAt: at,
  };
};

async function timeList(stack: Stack, inboxId: string, token: string): Promise<number> {
  const url = `${stack.urls.hub}/api/conversations?view=unassigned&inboxId=${inboxId}&limit=20`;
  const times: number[] = [];
  for (let n = 0; n < WARM_UP + CALLS; n += 1) {
    const begun = performance.now();
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const { data } = (await answer.json()) as { data: { items: unknown[] } };
    if (data.items.length !== 20) throw new Error('the list is not full');
    if (n >= WARM_UP) times.push(performance.now() - begun);
  }
  return percentile(times, 0.5);
}

const bench: BenchCase = {
  title: `a list of 20 at ${MANY} open conversations, beside the same at ${FEW}`,
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'bench-p9-'));
    const stack = await startStackAsBuilt({ dataDir, port: 0 });
    try {
      const token = await adminToken(stack);
      const { id } = inboxOf(stack, 'web');
      await fill(stack, id, 0, FEW);
      const few = await timeList(stack, id, token);
      await fill(stack, id, FEW, MANY);
      const many = await timeList(stack, id, token);
      return [{ label: 'list of 20, p50', unit: 'ms', value: many, baseline: few, budget: { atMost: 1.3 } }];
    } finally {
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export default bench;
