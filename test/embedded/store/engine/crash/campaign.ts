import { lockDirectory } from '../../../../../embedded/store/storage/data-directory.js';
import { openData } from '../../../../../embedded/store/storage/open-data.js';
import { verify } from '../../../../../embedded/store/storage/verify.js';
import { createRandom, type Random } from '../../../../chaos/support/random.js';
import { connect, spawnStore, type Client, type StoreProcess } from '../support/stores.js';
import { DATABASE, Line } from './line.js';
import { ROW_INDEXES, RowWriter } from './row-writer.js';
import { createScene, SCENES, type Scene, type SceneName } from './scenes.js';
import { ACCOUNTS, checkBooks, TransferWriter } from './transfer-writer.js';
import type { Entry, Row, Snapshot, Transfer, Writer } from './writer.js';

/** What a campaign is to do. */
export interface CampaignOptions {
  dataDir: string;
  seed: number;
  /** Kills under load; each with one of the scenes in turn. */
  rounds: number;
  log: (line: string) => void;
}

export interface CampaignReport {
  acknowledged: number;
  /** Writes that had no answer and were not sent again before the store was looked at. */
  unanswered: { sent: number; made: number };
  kills: Record<SceneName, number>;
  faults: string[];
}

/** Acknowledged writes after which the store may be killed, at least and at most. */
const LOAD = { least: 150, most: 500 };

/** Kills a store again and again under twenty writers and looks for what it has lost or invented. */
export async function runCampaign(options: CampaignOptions): Promise<CampaignReport> {
  return new Campaign(options).run();
}

class Campaign {
  private readonly random: Random;
  private readonly writers: Writer[];
  private readonly side = new Line();
  private readonly faults: string[] = [];
  private readonly kills = { load: 0, index: 0, drop: 0, ttl: 0 };
  private server: StoreProcess | undefined;

  constructor(private readonly options: CampaignOptions) {
    this.random = createRandom(options.seed);
    const seeded = (): Random => createRandom(this.random.below(2 ** 31));
    this.writers = [
      ...Array.from({ length: 6 }, (_, n) => new RowWriter(`plain${n}`, new Line(), seeded(), false)),
      ...Array.from({ length: 6 }, (_, n) => new RowWriter(`retry${n}`, new Line(), seeded(), true)),
      ...Array.from({ length: 8 }, (_, n) => new TransferWriter(`pay${n}`, new Line(), seeded())),
    ];
  }

  async run(): Promise<CampaignReport> {
    try {
      await this.start();
      await this.withClient(prepareCollections);
      for (let round = 0; round < this.options.rounds && this.faults.length === 0; round += 1) {
        const name = SCENES[round % SCENES.length] as SceneName;
        const before = this.acknowledged();
        const told = await this.round(name);
        this.kills[name] += 1;
        this.options.log(`round ${round + 1} (${name}: ${told}): ${this.acknowledged() - before} writes acknowledged`);
      }
    } finally {
      for (const line of this.lines()) line.close();
      await this.server?.stop('SIGKILL');
    }
    const unanswered = { sent: 0, made: 0 };
    for (const writer of this.writers) {
      unanswered.sent += writer.unanswered.sent;
      unanswered.made += writer.unanswered.made;
    }
    return { acknowledged: this.acknowledged(), unanswered, kills: this.kills, faults: this.faults };
  }

  private async round(name: SceneName): Promise<string> {
    const scene = createScene(name, this.random);
    await this.withClient((client) => scene.prepare(client));
    await this.loadAndKill(scene);
    if (name === 'ttl') await this.killAtStart(scene);
    const told = await this.verify(scene);
    await this.start();
    for (const writer of this.writers) await writer.repeat();
    await this.withClient(async (client) => {
      const stored = await snapshot(client);
      for (const writer of this.writers) await writer.settle(stored);
      this.faults.push(...checkBooks(stored), ...(await scene.check(client)));
      this.faults.push(...(await checkIndexes(client, stored.rows)));
    });
    for (const writer of this.writers) this.faults.push(...writer.faults.splice(0));
    return told;
  }

  private async loadAndKill(scene: Scene): Promise<void> {
    const goal = this.acknowledged() + LOAD.least + this.random.below(LOAD.most - LOAD.least);
    const delay = this.random.below(scene.within);
    let reached = (): void => undefined;
    const loaded = new Promise<void>((resolve) => (reached = resolve));
    const writing = this.writers.map(async (writer) => {
      while (await writer.step()) if (this.acknowledged() >= goal || writer.faults.length > 0) reached();
    });
    await loaded;
    scene.begin(this.side);
    await new Promise((resolve) => setTimeout(resolve, delay));
    await this.server?.stop('SIGKILL');
    await Promise.all(writing);
  }

  private async killAtStart(scene: Scene): Promise<void> {
    await this.start();
    await new Promise((resolve) => setTimeout(resolve, this.random.below(scene.within)));
    await this.server?.stop('SIGKILL');
  }

  /** Every document against every index entry. */
  private async verify(scene: Scene): Promise<string> {
    const lock = await lockDirectory(this.options.dataDir);
    try {
      const { environment, store } = await openData(lock.directory);
      const { problems } = await verify(store);
      this.faults.push(...problems.slice(0, 20));
      const told = scene.told(store);
      await environment.close();
      return told;
    } finally {
      await lock.release();
    }
  }

  private async start(): Promise<void> {
    const { dataDir } = this.options;
    this.server = await spawnStore(['--data', dataDir, '--port', '0', '--transaction-lifetime', '60']);
    for (const line of this.lines()) {
      line.close();
      await line.connect(this.server.uri);
    }
  }

  private async withClient(use: (client: Client) => Promise<void>): Promise<void> {
    const client = await connect(this.server?.uri ?? '');
    try {
      await use(client);
    } finally {
      await client.close();
    }
  }

  private lines(): Line[] {
    return [...this.writers.map(({ line }) => line), this.side];
  }

  private acknowledged(): number {
    return this.writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
  }
}

async function prepareCollections(client: Client): Promise<void> {
  const db = client.db(DATABASE);
  for (const { key, ...options } of ROW_INDEXES)
    await db.collection('rows').createIndex(key as Record<string, 1>, options);
  await db.collection('transfers').createIndex({ from: 1, amount: 1 });
  await db.collection('entries').createIndex({ transfer: 1, account: 1 }, { unique: true });
  // Every transfer moves two accounts in it.
  await db.collection('accounts').createIndex({ balance: 1 });
  const accounts = Array.from({ length: ACCOUNTS }, (_, _id) => ({ _id, balance: 0 }));
  await db.collection<{ _id: number; balance: number }>('accounts').insertMany(accounts);
}

async function snapshot(client: Client): Promise<Snapshot> {
  const db = client.db(DATABASE);
  return {
    rows: await db.collection<Row>('rows').find().hint({ $natural: 1 }).toArray(),
    accounts: await db.collection<{ _id: number; balance: number }>('accounts').find().toArray(),
    transfers: await db.collection<Transfer>('transfers').find().toArray(),
    entries: await db.collection<Entry>('entries').find().toArray(),
  };
}

/** Each index leads to the documents that belong into it, asked from outside. */
async function checkIndexes(client: Client, rows: readonly Row[]): Promise<string[]> {
  const collection = client.db(DATABASE).collection<Row>('rows');
  const belong: Array<[hint: string, filter: object, count: number]> = [
    ['_id_', {}, rows.length],
    ['k', {}, rows.length],
    ['ab', {}, rows.length],
    ['tags', {}, rows.length],
    ['at', {}, rows.length],
    ['level', { level: { $gt: 5 } }, rows.filter(({ level }) => level > 5).length],
    ['s', { s: { $exists: true } }, rows.filter(({ s }) => s !== undefined).length],
  ];
  const faults: string[] = [];
  for (const [hint, filter, count] of belong) {
    const found = await collection
      .find(filter, { projection: { _id: 1 } })
      .hint(hint)
      .toArray();
    if (found.length !== count) faults.push(`index ${hint} leads to ${found.length} documents instead of ${count}`);
  }
  return faults;
}
