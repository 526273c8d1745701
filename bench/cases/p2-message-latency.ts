import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Stack } from '../../embedded/launcher/stack.js';
import { startChildServer } from '../lib/child-server.js';
import { adminToken, connect, inboxOf, post } from '../lib/demo-client.js';
import { percentile } from '../lib/percentile.js';
import { startStackAsBuilt } from '../lib/stack-as-built.js';
import type { BenchCase } from '../lib/types.js';

/** The arms take turns, so that a noisy minute of the machine meets all of them. */
const ROUNDS = 4;
const MESSAGES = 100;
const WARM_UP = 25;

/** Milliseconds from each send to its arrival at the other side, one message at a time. */
async function latencies(
  send: (text: string) => void,
  onArrival: (arrived: (text: string) => void) => void,
): Promise<number[]> {
  const times: number[] = [];
  let arrived: (text: string) => void = () => undefined;
  onArrival((text) => arrived(text));
  for (let n = 0; n < WARM_UP + MESSAGES; n += 1) {
    const text = `message ${n}`;
    const begun = performance.now();
    await new Promise<void>((resolve) => {
      arrived = (got) => (got === text ? resolve() : undefined);
      send(text);
    });
    if (n >= WARM_UP) times.push(performance.now() - begun);
  }
  return times;
}

async function relay(stack: Stack): Promise<number[]> {
  const bare = await startChildServer('bare-relay.ts', stack.urls.mongodb);
  const [from, to] = await Promise.all([
    connect(`http://127.0.0.1:${bare.port}`),
    connect(`http://127.0.0.1:${bare.port}`),
  ]);
  try {
    return await latencies(
      (text) => void from.emit('say', text, () => undefined),
      (arrived) => void to.on('said', arrived),
    );
  } finally {
    from.disconnect();
    to.disconnect();
    await bare.stop();
  }
}

interface MessageEvent {
  message: { text: string | null; conversationId: string };
}

async function hub(stack: Stack): Promise<{ toAgent: number[]; toVisitor: number[] }> {
  const token = await adminToken(stack);
  const { key } = inboxOf(stack, 'web');
  const session = await post<{ token: string }>(`${stack.urls.hub}/api/widget/session`, { inboxKey: key });
  const agent = await connect(`${stack.urls.hub}/agent`, token);
  const visitor = await connect(`${stack.urls.hub}/customer`, session.token);
  let conversationId = '';
  try {
    const toAgent = await latencies(
      (text) => void visitor.emit('customer_message', { text, clientMessageId: randomUUID() }, () => undefined),
      (arrived) =>
        void agent.on('customer_message', ({ message }: MessageEvent) => {
          conversationId = message.conversationId;
          arrived(message.text ?? '');
        }),
    );
    const toVisitor = await latencies(
      (text) =>
        void agent.emit('send_message', { conversationId, text, clientMessageId: randomUUID() }, () => undefined),
      (arrived) => void visitor.on('agent_message', ({ message }: MessageEvent) => arrived(message.text ?? '')),
    );
    return { toAgent, toVisitor };
  } finally {
    agent.disconnect();
    visitor.disconnect();
  }
}

const bench: BenchCase = {
  title: 'a message from socket to socket, beside a relay with one acknowledged insert in the same store (P2)',
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'bench-p2-'));
    const stack = await startStackAsBuilt({ dataDir, port: 0 });
    try {
      const bareTimes: number[] = [];
      const toAgent: number[] = [];
      const toVisitor: number[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        bareTimes.push(...(await relay(stack)));
        const times = await hub(stack);
        toAgent.push(...times.toAgent);
        toVisitor.push(...times.toVisitor);
      }
      const bare = percentile(bareTimes, 0.5);
      return [
        {
          label: 'visitor → agent, p50',
          unit: 'ms',
          value: percentile(toAgent, 0.5),
          baseline: bare,
          budget: { atMost: 3 },
        },
        {
          label: 'agent → visitor, p50',
          unit: 'ms',
          value: percentile(toVisitor, 0.5),
          baseline: bare,
          budget: { atMost: 3 },
        },
        { label: 'visitor → agent, p99', unit: 'ms', value: percentile(toAgent, 0.99), baseline: null },
        { label: 'agent → visitor, p99', unit: 'ms', value: percentile(toVisitor, 0.99), baseline: null },
      ];
    } finally {
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export default bench;
