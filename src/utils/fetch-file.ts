import type { AxiosInstance } from 'axios';

/** Why a file was not fetched. */
export class FetchRefusedError extends Error {
  override readonly name = 'FetchRefusedError';
}

/** A file did not come in time, however much of it had. */
export class FetchTooSlowError extends Error {
  override readonly name = 'FetchTooSlowError';
}

export interface FetchLimits {
  /** Host names, each also standing for its subdomains; with a port only that port. */
  allowedHosts: string[];
  /** More is not read. */
  maxBytes: number;
  /** From the first request to the last byte, redirects included. */
  deadlineMs: number;
}

const MAX_REDIRECTS = 3;

/** Whether an address is on one of the hosts, by the rule of `allowedHosts`. */
export const isOnHost = (url: URL, hosts: string[]): boolean =>
  hosts.some((entry) => {
    const host = entry.toLowerCase();
    const own = host.includes(':') ? url.host : url.hostname;
    return own === host || own.endsWith(`.${host}`);
  });

/**
 * Fetches a file from a platform's own hosts and nowhere else; redirects are followed only among them (SPEC 16, SSRF).
 * @throws FetchRefusedError for another host, a bad address or too many redirects; FetchTooSlowError at the deadline; the client's
 * error otherwise.
 */
export async function fetchFile(http: AxiosInstance, address: string, limits: FetchLimits): Promise<Buffer> {
  const deadline = AbortSignal.timeout(limits.deadlineMs);
  try {
    return await followTo(http, parse(address), limits, deadline);
  } catch (error) {
    if (!deadline.aborted) throw error;
    throw new FetchTooSlowError(`the file did not come within ${limits.deadlineMs} ms`, { cause: error });
  }
}

async function followTo(http: AxiosInstance, first: URL, limits: FetchLimits, signal: AbortSignal): Promise<Buffer> {
  let url = first;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    if (!isOnHost(url, limits.allowedHosts)) throw new FetchRefusedError(`files are not fetched from ${url.host}`);
    const answer = await http.get<ArrayBuffer>(url.href, {
      responseType: 'arraybuffer',
      signal,
      maxContentLength: limits.maxBytes,
      maxRedirects: 0,
      validateStatus: (status) => status >= 200 && status < 400,
    });
    if (answer.status < 300) return Buffer.from(answer.data);
    const location: unknown = answer.headers['location'];
    url = parse(new URL(typeof location === 'string' ? location : '', url).href);
  }
  throw new FetchRefusedError('too many redirects');
}

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new FetchRefusedError('this is not an address of a file');
  return url;
}
