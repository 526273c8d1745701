import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChildServer } from '../lib/child-server.js';
import { processorTime } from '../lib/cpu.js';
import { loadHttp, type HttpLoadResult, type SignedRequest } from '../lib/http-load.js';
import { startStackAsBuilt } from '../lib/stack-as-built.js';
import type { BenchCase } from '../lib/types.js';

const CONNECTIONS = 50;
const SECONDS = 8;
const TEXT = 'x'.repeat(700);

/** Fresh signed bodies of about 1 kB from 2,000 people; none repeats, or the hub would only find duplicates. */
function createBodies(pageId: string, secret: string): () => SignedRequest {
  let n = 0;
  return () => {
    n += 1;
    const person = String(7_000_000_000_000_000 + (n % 2_000));
    const at = Date.now();
    const messaging = [
      {
        sender: { id: person },
        recipient: { id: pageId },
        timestamp: at,
        message: { mid: `m_bench_${process.pid}_${n}`, text: TEXT },
      },
    ];
    const body = JSON.stringify({ object: 'page', entry: [{ id: pageId, time: at, messaging }] });
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    return { body, headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` } };
  };
}

interface Measured extends HttpLoadResult {
  /** Of the process that answers, in microseconds. */
  cpuPerRequest: number;
}

async function measure(url: string, pid: number, next: () => SignedRequest, rate?: number): Promise<Measured> {
  const before = processorTime(pid);
  const result = await loadHttp({
    url,
    method: 'POST',
    next,
    connections: CONNECTIONS,
    seconds: SECONDS,
    ...(rate === undefined ? {} : { rate }),
  });
  const requests = result.requestsPerSecond * (SECONDS + 1);
  return { ...result, cpuPerRequest: ((processorTime(pid) - before) * 1_000) / Math.max(requests, 1) };
}

const bench: BenchCase = {
  title: 'webhook intake: verify, store, hint, 200, beside a bare Koa that only checks the HMAC (P1)',
  run: async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'bench-p1-'));
    const stack = await startStackAsBuilt({ dataDir, roles: ['api'], port: 0 });
    try {
      const { pageId, appSecret } = stack.secrets.messenger;
      const next = createBodies(pageId, appSecret);
      const bare = await startChildServer('bare-koa.ts', appSecret);
      const baseline = await measure(`http://127.0.0.1:${bare.port}/`, bare.pid, next).finally(() => bare.stop());
      const url = `${stack.urls.hub}/webhooks/messenger`;
      const pid = stack.pid('api') ?? 0;
      const full = await measure(url, pid, next);
      const half = await measure(url, pid, next, Math.floor(full.requestsPerSecond / 2));
      return [
        {
          label: 'requests',
          unit: '/s',
          value: full.requestsPerSecond,
          baseline: baseline.requestsPerSecond,
          budget: { atLeast: 0.5 },
        },
        { label: 'processor time a request', unit: 'µs', value: full.cpuPerRequest, baseline: baseline.cpuPerRequest },
        { label: 'p99 at half that load', unit: 'ms', value: half.p99, baseline: null, budget: { atMost: 50 } },
        {
          label: 'failed requests',
          unit: '',
          value: full.failures + half.failures,
          baseline: null,
          budget: { atMost: 0 },
        },
      ];
    } finally {
      await stack.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export default bench;
