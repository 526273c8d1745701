import type mongoose from 'mongoose';
import type { Random } from '../../../../chaos/support/random.js';
import type { Store } from '../../../../../embedded/store/storage/store.js';
import type { Client } from '../support/stores.js';
import { DATABASE, type Answer, type Line } from './line.js';

type Counted = mongoose.mongo.Document & { _id: number };

/** What happens beside the writers when the store is killed. */
export interface Scene {
  /** Before the writers start. */
  prepare(client: Client): Promise<void>;
  /** Starts what is to be cut off; resolves when the store may be killed, some milliseconds later at random. */
  begin(line: Line): void;
  /** Milliseconds after `begin` within which the kill falls. */
  readonly within: number;
  /** What is wrong after the restart. */
  check(client: Client): Promise<string[]>;
  /** How far it had come; `store` is the data as the kill left it. */
  told(store: Store): string;
}

export type SceneName = 'load' | 'index' | 'drop' | 'ttl';
export const SCENES: readonly SceneName[] = ['load', 'index', 'drop', 'ttl'];

const MANY = 5000;

async function fill(client: Client, name: string, make: (n: number) => object): Promise<void> {
  const rows = client.db(DATABASE).collection<Counted>(name);
  if ((await rows.estimatedDocumentCount()) === MANY) return;
  await rows.deleteMany({});
  await rows.insertMany(Array.from({ length: MANY }, (_, _id) => ({ _id, ...make(_id) })));
}

/** Sends a command whose answer may never come, and remembers whether it did. */
class Watched {
  answer: Answer | undefined;

  constructor(line: Line, command: Answer) {
    void line.send(command).then((answer) => (this.answer = answer));
  }

  get done(): boolean {
    return this.answer?.['ok'] === 1;
  }
}

function indexScene(random: Random): Scene {
  const indexes = [
    { key: { n: 1, _id: 1 }, name: 'n', unique: true },
    { key: { tags: 1 }, name: 'tags' },
  ];
  let build: Watched | undefined;
  return {
    within: 150,
    prepare: (client) => fill(client, 'big', (n) => ({ n: random.below(1e6), tags: [`t${n % 7}`, `u${n % 11}`] })),
    told: () => `build ${build?.done === true ? 'done' : 'cut off'}`,
    begin(line) {
      build = new Watched(line, { createIndexes: 'big', indexes });
    },
    async check(client) {
      const rows = client.db(DATABASE).collection<Counted>('big');
      const names = (await rows.indexes()).map(({ name }) => name ?? '').filter((name) => name !== '_id_');
      const faults: string[] = [];
      if (build?.done === true && names.length < 2)
        faults.push(`an index that was promised is not there: ${names.join()}`);
      if (names.length === 1) faults.push(`of two indexes of one command, ${names.join()} alone is there`);
      await rows.createIndexes(indexes);
      for (const name of ['n', 'tags']) {
        const found = await rows
          .find({}, { projection: { _id: 1 } })
          .hint(name)
          .toArray();
        if (found.length !== MANY) faults.push(`index ${name} leads to ${found.length} of ${MANY} documents`);
      }
      await rows.dropIndexes();
      return faults;
    },
  };
}

function dropScene(): Scene {
  let dropped: Watched | undefined;
  return {
    within: 40,
    async prepare(client) {
      await fill(client, 'doomed', (n) => ({ n, m: -n }));
      await client.db(DATABASE).collection('doomed').createIndex({ n: 1, m: 1 });
    },
    told: () => `drop ${dropped?.done === true ? 'done' : 'cut off'}`,
    begin(line) {
      dropped = new Watched(line, { drop: 'doomed' });
    },
    async check(client) {
      const rows = client.db(DATABASE).collection<Counted>('doomed');
      const there = (await client.db(DATABASE).listCollections({ name: 'doomed' }).toArray()).length === 1;
      if (!there) return [];
      if (dropped?.done === true) return ['a collection that was dropped is there again'];
      const count = await rows.countDocuments({ n: { $gte: 0 } });
      return count === MANY ? [] : [`a drop that was cut off left ${count} of ${MANY} documents`];
    },
  };
}

/** The documents expire right after the next start, when the cleaner makes its first round. */
function ttlScene(): Scene {
  const isFresh = (n: number): boolean => n % 50 === 0;
  return {
    within: 120,
    async prepare(client) {
      const rows = client.db(DATABASE).collection<Counted>('expiring');
      await rows.createIndex({ at: 1 }, { expireAfterSeconds: 60 });
      await fill(client, 'expiring', (n) => ({ at: isFresh(n) ? new Date(Date.UTC(2100, 0, 1)) : new Date(n) }));
    },
    begin: () => undefined,
    told(store) {
      const expiring = store.catalog.find(DATABASE, 'expiring');
      return `${expiring === undefined ? 'none' : store.documentCount(expiring)} of ${MANY} documents left`;
    },
    async check(client) {
      const rows = client.db(DATABASE).collection<Counted>('expiring');
      const found = await rows.find().toArray();
      const fresh = found.filter(({ _id }) => isFresh(_id)).length;
      return fresh === MANY / 50 ? [] : [`${fresh} of ${MANY / 50} documents are left that had not expired`];
    },
  };
}

const nothing: Scene = {
  within: 30,
  prepare: async () => undefined,
  begin: () => undefined,
  check: async () => [],
  told: () => 'nothing else',
};

export function createScene(name: SceneName, random: Random): Scene {
  if (name === 'index') return indexScene(random);
  if (name === 'drop') return dropScene();
  return name === 'ttl' ? ttlScene() : nothing;
}
