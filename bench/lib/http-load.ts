import autocannon from 'autocannon';

/** What one request carries. */
export interface SignedRequest {
  headers: Record<string, string>;
  body: string;
}

/** A load on one address. */
export interface HttpLoad {
  url: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Makes every request another one. */
  next?: () => SignedRequest;
  connections: number;
  seconds: number;
  /** Requests a second of all connections together; absent: as many as they can. */
  rate?: number;
}

/** What came of it. Times in milliseconds. */
export interface HttpLoadResult {
  requestsPerSecond: number;
  p50: number;
  p99: number;
  /** Answers other than 2xx, lost connections and time-outs. */
  failures: number;
}

/** Puts a load on an address, after the same for a second to warm up. */
export async function loadHttp(load: HttpLoad): Promise<HttpLoadResult> {
  await fire({ ...load, seconds: 1 });
  const result = await fire(load);
  return {
    requestsPerSecond: result.requests.average,
    p50: result.latency.p50,
    p99: result.latency.p99,
    failures: result.non2xx + result.errors + result.timeouts,
  };
}

const fire = (load: HttpLoad): Promise<autocannon.Result> =>
  autocannon({
    url: load.url,
    method: load.method ?? 'GET',
    connections: load.connections,
    duration: load.seconds,
    ...(load.headers === undefined ? {} : { headers: load.headers }),
    ...(load.body === undefined ? {} : { body: load.body }),
    ...(load.next === undefined ? {} : { requests: [{ setupRequest: fresh(load.next) }] }),
    ...(load.rate === undefined ? {} : { overallRate: load.rate }),
  });

const fresh =
  (next: () => SignedRequest) =>
  (request: autocannon.Request): autocannon.Request => ({ ...request, ...next() });
