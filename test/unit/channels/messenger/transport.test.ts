import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ChannelError } from '../../../../channels/errors.js';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { send } from '../../../../channels/messenger/send.js';
import { upload } from '../../../../channels/messenger/upload.js';
import type { MessengerContext } from '../../../../channels/messenger/types.js';
import { contextFor, fileOf, graph, textPart, TOKEN } from './support.js';

let server: Server | null = null;

afterEach(async () => {
  const closing = server;
  server = null;
  if (closing === null) return;
  closing.closeAllConnections();
  await new Promise((resolve) => closing.close(resolve));
});

/** A platform that behaves like this; the address it listens on. */
async function platform(behave: RequestListener): Promise<string> {
  const started = createServer(behave);
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

async function faultAt(url: string, extra: Partial<MessengerContext> = {}): Promise<ChannelError> {
  const error: unknown = await send(textPart('hello'), contextFor(url, extra)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ChannelError);
  return error as ChannelError;
}

describe('an upload over a broken line', () => {
  it('may be tried again and leaves no file open', async () => {
    const url = await platform((request) => request.socket.destroy());
    const file = new Readable({
      read() {
        this.push(Buffer.alloc(1_000));
      },
    });
    const attachment = fileOf('', { size: 20_000_000, open: () => Promise.resolve(file) });
    await expect(upload(attachment, contextFor(url))).rejects.toMatchObject({ fault: 'retry' });
    await finished(file).catch(() => undefined);
    expect(file.destroyed).toBe(true);
  });
});

describe('a send over a broken line', () => {
  it('arrives over a whole one', async () => {
    const url = await platform((_request, response) => response.end(JSON.stringify(graph('text.response'))));
    await expect(send(textPart('hello'), contextFor(url))).resolves.toHaveProperty('externalId');
  });

  it('has an unknown outcome when the connection is lost after the request', async () => {
    const url = await platform((request) => {
      request.resume().on('end', () => request.socket.destroy());
    });
    expect(await faultAt(url)).toMatchObject({ fault: 'unknown_outcome', detail: { transport: 'ECONNRESET' } });
  });

  it('has an unknown outcome when it is lost in the middle of the answer', async () => {
    const url = await platform((request, response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write('{"message_id":', () => request.socket.destroy());
    });
    expect((await faultAt(url)).fault).toBe('unknown_outcome');
  });

  it('has an unknown outcome when the deadline passes', async () => {
    const url = await platform(() => undefined);
    expect((await faultAt(url, { signal: AbortSignal.timeout(100) })).fault).toBe('unknown_outcome');
  });

  it('is tried again when nobody listens', async () => {
    const url = await platform(() => undefined);
    await new Promise((resolve) => server?.close(resolve));
    server = null;
    expect(await faultAt(url)).toMatchObject({ fault: 'retry', detail: { transport: 'ECONNREFUSED' } });
  });

  it('is tried again when the name is not known', async () => {
    expect((await faultAt('http://graph.invalid')).fault).toBe('retry');
  });

  it('is not written at all once its time is over', async () => {
    let requests = 0;
    const url = await platform(() => (requests += 1));
    expect((await faultAt(url, { signal: AbortSignal.abort() })).fault).toBe('retry');
    expect(requests).toBe(0);
  });

  it('follows no redirect, which would hand the token to others', async () => {
    const paths: (string | undefined)[] = [];
    const url = await platform((request, response) => {
      paths.push(request.url);
      response.writeHead(307, { Location: '/elsewhere' }).end();
    });
    expect((await faultAt(url)).fault).toBe('rejected');
    expect(paths).toHaveLength(1);
  });

  it('keeps the token out of addresses and errors', async () => {
    const urls: (string | undefined)[] = [];
    const url = await platform((request) => {
      urls.push(request.url);
      request.socket.destroy();
    });
    const error = await faultAt(url);
    expect(urls.join()).not.toContain(TOKEN);
    expect(JSON.stringify({ ...error, cause: error.cause, stack: error.stack })).not.toContain(TOKEN);
  });
});
