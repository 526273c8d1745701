import { expect, it } from '@jest/globals';
import axios, { AxiosError, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios';
import { ChannelError } from '../../channels/errors.js';
import type { ChannelContext, OutboundPart } from '../../channels/types.js';
import type { ChannelSample, OutboundSample } from './samples.js';

const NOW = 1_781_515_900_000;

/** The rules for sends: one request each, every fault a ChannelError, unknown outcomes told apart. */
export function describeOutbound(sample: ChannelSample, outbound: OutboundSample): void {
  const { adapter } = sample;
  const context = (http: AxiosInstance, signal?: AbortSignal): ChannelContext => ({
    accountId: outbound.accountId,
    config: adapter.configSchema.parse(sample.config),
    env: adapter.envSchema.parse(sample.env),
    http,
    now: () => NOW,
    ...(signal === undefined ? {} : { signal }),
  });
  const sendOver = (http: AxiosInstance, part: OutboundPart, signal?: AbortSignal) =>
    adapter.send?.(part, context(http, signal)) ?? Promise.reject(new Error('the channel does not send'));
  const faultOf = async (http: AxiosInstance, part: OutboundPart) => {
    const error: unknown = await sendOver(http, part).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ChannelError);
    return error as ChannelError;
  };

  it.each(outbound.parts)('sends %j in one request and tells the id', async (part) => {
    const platform = answering(outbound.accepted);
    const { externalId } = await sendOver(platform.http, part);
    expect(externalId).not.toBe('');
    expect(platform.requests).toHaveLength(1);
    const [request] = platform.requests as [InternalAxiosRequestConfig];
    expect(JSON.stringify(request.data)).toContain(part.metadata);
    for (const secret of outbound.secrets) expect(request.url).not.toContain(secret);
  });

  it.each(outbound.parts)('calls the outcome of %j unknown when it may have been sent', async (part) => {
    const unclear = [
      answering({ status: 500, body: '' }),
      answering({ status: 502, body: '<html>Bad gateway</html>' }),
      answering({ status: 200, body: 'not what was agreed' }),
      failing('ECONNRESET'),
      failing('ECONNABORTED'),
      failing('ERR_CANCELED'),
    ];
    for (const platform of unclear) expect((await faultOf(platform.http, part)).fault).toBe('unknown_outcome');
  });

  it.each(outbound.parts)('tries %j again when nothing can have been sent', async (part) => {
    for (const code of ['ECONNREFUSED', 'ENOTFOUND']) {
      expect((await faultOf(failing(code).http, part)).fault).toBe('retry');
    }
    const platform = answering(outbound.accepted);
    await expect(sendOver(platform.http, part, AbortSignal.abort())).rejects.toMatchObject({ fault: 'retry' });
    expect(platform.requests).toHaveLength(0);
  });

  it('keeps secrets out of its errors and says something to people', async () => {
    const [part] = outbound.parts as [OutboundPart];
    for (const platform of [answering({ status: 400, body: '{}' }), failing('ECONNRESET')]) {
      const error = await faultOf(platform.http, part);
      expect(error.message).not.toBe('');
      const everything = JSON.stringify({ ...error, message: error.message, cause: error.cause });
      for (const secret of outbound.secrets) expect(everything).not.toContain(secret);
    }
  });

  it('cannot tell where a part is while the platform makes no sense', async () => {
    const [part] = outbound.parts as [OutboundPart];
    const platform = answering({ status: 200, body: '{"unheard":"of"}' });
    await expect(adapter.find?.(part, NOW, () => Promise.resolve(new Set()), context(platform.http))).resolves.toBe(
      'unknown',
    );
  });
}

function answering(answer: { status: number; body: string }) {
  const requests: InternalAxiosRequestConfig[] = [];
  const http = axios.create({
    adapter: (config) => {
      requests.push(config);
      return Promise.resolve({ status: answer.status, data: answer.body, statusText: '', headers: {}, config });
    },
  });
  return { http, requests };
}

function failing(code: string) {
  const http = axios.create({ adapter: (config) => Promise.reject(new AxiosError('it failed', code, config)) });
  return { http };
}
