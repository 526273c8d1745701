import { describe, expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { loadHttp } from '../../../bench/lib/http-load.js';
import { residentMemory } from '../../../bench/lib/memory.js';
import { percentile } from '../../../bench/lib/percentile.js';
import { judged, keepsBudget } from '../../../bench/lib/types.js';

describe('percentile', () => {
  it.each([
    [[3, 1, 2], 0.5, 2],
    [[4, 1, 3, 2], 0.5, 2],
    [[5], 0.99, 5],
    [Array.from({ length: 100 }, (_, n) => n + 1), 0.99, 99],
    [[1, 2], 1, 2],
    [[1, 2], 0, 1],
  ])('of %j at %d is %d', (values, share, expected) => {
    expect(percentile(values, share)).toBe(expected);
  });

  it('of nothing is no number', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});

describe('budgets', () => {
  const base = { label: 'x', unit: 's', value: 6, baseline: 10 };

  it('hold the ratio where there is a baseline, else the value', () => {
    expect(judged(base)).toBe(0.6);
    expect(judged({ ...base, baseline: null })).toBe(6);
    expect(keepsBudget({ ...base, budget: { atLeast: 0.5 } })).toBe(true);
    expect(keepsBudget({ ...base, budget: { atLeast: 0.7 } })).toBe(false);
    expect(keepsBudget({ ...base, baseline: null, budget: { atMost: 5 } })).toBe(false);
    expect(keepsBudget({ ...base, baseline: null, budget: { atMost: 6 } })).toBe(true);
    expect(keepsBudget(base)).toBeNull();
  });

  it('are missed by a figure that is no number', () => {
    expect(keepsBudget({ ...base, value: Number.NaN, budget: { atLeast: 0 } })).toBe(false);
    expect(keepsBudget({ ...base, value: Number.NaN, budget: { atMost: 9 } })).toBe(false);
  });
});

describe('measuring', () => {
  it('reads the resident memory of a process', () => {
    const rss = process.memoryUsage.rss();
    expect(residentMemory(process.pid) / rss).toBeGreaterThan(0.5);
    expect(residentMemory(process.pid) / rss).toBeLessThan(2);
  });

  it('counts answers and failures of a load', async () => {
    let bodies = 0;
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => (bodies += chunk.toString() === 'hello' ? 1 : 0));
      request.on('end', () => response.writeHead(request.headers['x-good'] === 'yes' ? 200 : 503).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const load = { url, method: 'POST' as const, body: 'hello', connections: 2, seconds: 1 };
    const good = await loadHttp({ ...load, headers: { 'x-good': 'yes' } });
    const bad = await loadHttp(load);
    server.close();
    expect(good.failures).toBe(0);
    expect(good.requestsPerSecond).toBeGreaterThan(10);
    expect(good.p99).toBeGreaterThanOrEqual(good.p50);
    expect(bodies).toBeGreaterThan(0);
    expect(bad.failures).toBeGreaterThan(0);
  }, 20_000);
});
