import { describe, expect, it } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { WebhookEventModel } from '../../../src/models/index.js';
import { sample } from '../../support/messenger-hub.js';
import { checkSamples, useSamples } from './check-samples.js';
import { ACTIVITIES, IGNORED } from './samples-activities.js';
import { ECHOES } from './samples-echoes.js';
import { MESSAGES } from './samples-messages.js';

it('knows what becomes of every sample', () => {
  const folder = join(import.meta.dirname, '../../fixtures/messenger/webhooks');
  const names = readdirSync(folder).map((file) => file.replace('.json', ''));
  expect([...Object.keys({ ...MESSAGES, ...ECHOES, ...ACTIVITIES }), ...IGNORED].sort()).toEqual(names.sort());
});

const samples = useSamples();

checkSamples(samples, ACTIVITIES);

describe('a sample that means nothing here', () => {
  it.each(IGNORED)('%s is stored and counted as ignored, once, and shown nowhere', async (name) => {
    const before = await samples.send([]);
    const view = await samples.send([name, name]);
    expect(view).toMatchObject({ threads: [], inboxes: before.inboxes });
    expect(view.events).toMatchObject([{ state: 'ignored' }]);
    const [row] = await WebhookEventModel.find().lean();
    const { object } = JSON.parse(sample(name)) as { object: string };
    expect(JSON.parse(row?.payload ?? '{}')).toMatchObject({ object });
  });
});
