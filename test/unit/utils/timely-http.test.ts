import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import axios from 'axios';
import { writtenOnlyWhile } from '../../../src/utils/timely-http.js';

let server: Server;
let url: string;
let asked: string[];

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end('fine');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

describe('a request that is written only while it is wanted', () => {
  it('is sent, over a new and over a kept connection', async () => {
    const client = writtenOnlyWhile(axios.create(), () => true);
    expect((await client.get<string>(`${url}/1`)).data).toBe('fine');
    expect((await client.post<string>(`${url}/2`, { some: 'body' })).data).toBe('fine');
    expect(asked).toEqual(['/1', '/2']);
  });

  it('is not sent when it stops being wanted while it connects', async () => {
    let isWanted = true;
    const client = writtenOnlyWhile(axios.create(), () => isWanted);
    const lookup = (_host: string, _options: object, found: (error: null, address: string) => void): void => {
      isWanted = false;
      found(null, '127.0.0.1');
    };
    const late = url.replace('127.0.0.1', 'platform.test');
    await expect(client.post(`${late}/late`, { some: 'body' }, { lookup })).rejects.toThrow('too late to be sent');
    isWanted = true;
    await client.get(`${url}/in-time`);
    expect(asked).toEqual(['/in-time']);
  });

  it('says why it could not connect', async () => {
    const client = writtenOnlyWhile(axios.create(), () => true);
    await expect(client.get('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});
