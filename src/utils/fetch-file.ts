import type { AxiosInstance } from 'axios';

/** Why a file was not fetched. */
export class FetchRefusedError extends Error {
  override readonly name = 'FetchRefusedError';
}

export interface FetchLimits {
  /** Host names, each also standing for its subdomains; with a port only that port. */
  allowedHosts: string[];
  maxBytes: number;
  timeoutMs: number;
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
 * @throws FetchRefusedError for another host, a bad address or too many redirects; the client's error otherwise.
 */
export async function fetchFile(http: AxiosInstance, address: string, limits: FetchLimits): Promise<Buffer> {
  let url = parse(address);
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    if (!isOnHost(url, limits.allowedHosts)) throw new FetchRefusedError(`files are not fetched from ${url.host}`);
    const answer = await http.get<ArrayBuffer>(url.href, {
      responseType: 'arraybuffer',
      timeout: limits.timeoutMs,
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
