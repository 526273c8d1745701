import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ChatClient } from '../../../../../web/widget/client/chat-client.js';
import { createStore } from '../../../../../web/widget/core/storage.js';
import { STRINGS } from '../../../../../web/widget/strings.js';
import { HubFixture } from '../support/hub-fixture.js';
import { MemoryStorage } from '../support/memory-storage.js';
import { until } from '../../../../support/until.js';

let hub: HubFixture;
let client: ChatClient;
let errors: string[];

beforeEach(async () => {
  hub = new HubFixture();
  await hub.start();
  errors = [];
  client = new ChatClient({
    origin: hub.origin,
    inboxKey: 'key',
    store: createStore(new MemoryStorage()),
    lock: (work) => work(),
    newId: randomUUID,
    emit: (name, data) => {
      if (name === 'error') errors.push((data as { message: string }).message);
    },
  });
});

afterEach(async () => {
  client.stop();
  await hub.stop();
});

const given = (): unknown[] => hub.attributes.map((stored) => stored.given);

test('what is said before there is a session waits for it, in order', async () => {
  client.setAttributes({ plan: 'gold' });
  client.setAttributes({ plan: 'silver', seats: '3' });
  expect(hub.sessionBodies).toEqual([]);
  client.start();
  await until(() => hub.attributes.length === 2);
  expect(given()).toEqual([{ plan: 'gold' }, { plan: 'silver', seats: '3' }]);
  expect(new Set(hub.attributes.map(({ contactId }) => contactId)).size).toBe(1);
  expect(errors).toEqual([]);
});

test('what is said of a user who is being identified goes to that user', async () => {
  client.start();
  await until(() => client.getState().connectivity === 'online');
  client.identify({ id: 'user-7', hash: 'good' });
  client.setAttributes({ plan: 'gold' });
  await until(() => hub.attributes.length === 1);
  expect(hub.attributes).toEqual([{ contactId: 'user-7', given: { plan: 'gold' } }]);
});

test('a server that cannot answer just now is asked again', async () => {
  const answers = [503, null];
  hub.onAttributes = () => answers.shift() ?? null;
  client.start();
  client.setAttributes({ plan: 'gold' });
  await until(() => hub.attributes.length === 1);
  expect(given()).toEqual([{ plan: 'gold' }]);
  expect(errors).toEqual([]);
});

test('what the server does not take is told, and does not stop what follows', async () => {
  const answers = [400, null];
  hub.onAttributes = () => answers.shift() ?? null;
  client.start();
  client.setAttributes({ note: 'too long' });
  client.setAttributes({ plan: 'gold' });
  await until(() => hub.attributes.length === 1);
  expect(given()).toEqual([{ plan: 'gold' }]);
  expect(errors).toEqual([STRINGS.errors.attributes]);
});

test('what a token that has ended cannot store waits for the session that follows', async () => {
  client.start();
  await until(() => client.getState().connectivity === 'online');
  hub.onAttributes = () => {
    hub.onAttributes = () => null;
    hub.endToken(client.token ?? '');
    return 401;
  };
  client.setAttributes({ plan: 'gold' });
  await until(() => hub.attributes.length === 1);
  expect(given()).toEqual([{ plan: 'gold' }]);
  expect(errors).toEqual([]);
});
