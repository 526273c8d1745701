import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'socket.io-client';
import type { Stack } from '../../embedded/launcher/stack.js';
import { processorTime } from '../lib/cpu.js';
import { adminToken, connect, inboxOf } from '../lib/demo-client.js';
import { percentile } from '../lib/percentile.js';
import { startStackAsBuilt } from '../lib/stack-as-built.js';
import type { BenchCase } from '../lib/types.js';

const CONTACTS = 100;
/** Messages of each contact in the measured burst, and requests under way at once. */
const EACH = 20;
const AT_ONCE = 20;
const SINGLE = 300;
const WARM_UP = 50;

/** Posts a contact's text as the platform does, signed. */
async function writeAs(stack: Stack, contact: number, text: string): Promise<void> {
  const { key } = inboxOf(stack, 'messenger');
  const timestamp = Date.now();
  const sender = { id: `9000000000${String(contact).padStart(6, '0')}` };
  const message = { mid: `m_bench_${contact}_${text}`, text };
  const entry = { id: key, time: timestamp, messaging: [{ sender, recipient: { id: key }, timestamp, message }] };
  const body = JSON.stringify({ object: 'page', entry: [entry] });
  const signature = createHmac('sha256', stack.secrets.messenger.appSecret).update(body).digest('hex');
  const answer = await fetch(`${stack.urls.hub}/webhooks/messenger`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  });
  await answer.text();
  if (answer.status !== 200) throw new Error(`a webhook was answered with ${answer.status}`);
}

/** Resolves when the agent's socket has told of so many messages of contacts. */
function arrivals(agent: Socket, count: number): Promise<void> {
  return new Promise((resolve) => {
    let seen = 0;
    const onMessage = (): void => {
      seen += 1;
      if (seen < count) return;
      agent.off('customer_message', onMessage);
      resolve();
    };
    agent.on('customer_message', onMessage);
  });
}

/** Lets every contact write so often, at most AT_ONCE requests at a time, and waits until the agent has all of it. */
async function burst(stack: Stack, agent: Socket, each: number, name: string): Promise<void> {
  const queue = Array.from({ length: CONTACTS * each }, (_, n) => n);
  const all = arrivals(agent, queue.length);
  const caller = async (): Promise<void> => {
    for (let n = queue.shift(); n !== undefined; n = queue.shift()) await writeAs(stack, n % CONTACTS, `${name} ${n}`);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  await all;
}

const costOf = (stack: Stack): number =>
  stack.names().reduce((total, name) => {
    const pid = stack.pid(name);
    return pid === null ? total : total + processorTime(pid);
  }, 0);

async function single(stack: Stack, agent: Socket): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < WARM_UP + SINGLE; n += 1) {
    const arrived = arrivals(agent, 1);
    const begun = performance.now();
    await writeAs(stack, n % CONTACTS, `single ${n}`);
    await arrived;
    if (n >= WARM_UP) times.push(performance.now() - begun);
  }
  return times;
}

const bench: BenchCase = {
  title:
    'a Messenger message from its webhook to the agent: what it costs all processes together, and how long it takes',
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'bench-p8-'));
    const stack = await startStackAsBuilt({ dataDir, port: 0 });
    const agent = await connect(`${stack.urls.hub}/agent`, await adminToken(stack));
    try {
      await burst(stack, agent, 2, 'warm');
      const before = costOf(stack);
      const begun = performance.now();
      await burst(stack, agent, EACH, 'burst');
      const lasted = (performance.now() - begun) / 1_000;
      const cost = (costOf(stack) - before) / (CONTACTS * EACH);
      const times = await single(stack, agent);
      return [
        { label: 'processor time of a message under load', unit: 'ms', value: cost, baseline: null },
        { label: 'messages applied a second', unit: '/s', value: (CONTACTS * EACH) / lasted, baseline: null },
        { label: 'webhook → agent alone, p50', unit: 'ms', value: percentile(times, 0.5), baseline: null },
        { label: 'webhook → agent alone, p99', unit: 'ms', value: percentile(times, 0.99), baseline: null },
      ];
    } finally {
      agent.disconnect();
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export default bench;
