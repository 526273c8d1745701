import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStack, type Stack, type StackOptions } from '../../../embedded/launcher/stack.js';
import { AgentClient, VisitorClient } from './clients.js';
import { openDatabase, type Database } from './database.js';
import { builtEntries } from '../../support/built-entries.js';
import { NO_LIMITS } from '../../support/no-limits.js';
import { Sandbox } from '../../support/sandbox.js';
import { Load } from './load.js';
import { until } from '../../support/until.js';

/** A hub in separate processes with clients on both sides and eyes in the store and on the platform. */
export interface Rig {
  stack: Stack;
  folder: string;
  database: Database;
  sandbox: Sandbox;
  agent: AgentClient;
  load: Load;
  stop(): Promise<void>;
}

export interface RigOptions extends Pick<StackOptions, 'roles' | 'env' | 'log'> {
  /** Threads on Messenger, and threads on the website. */
  people: number;
  visitors: number;
}

/** A list shows 20 rows before it pages. */
const MOST_PER_INBOX = 12;
const FIRST_MESSAGES_WITHIN = 60_000;

/** Starts everything and lets each contact write once, so that the agent knows their thread. */
export async function startRig(options: RigOptions): Promise<Rig> {
  if (Math.max(options.people, options.visitors) > MOST_PER_INBOX) throw new Error('too many threads for one list');
  const folder = mkdtempSync(join(tmpdir(), 'switchboard-chaos-'));
  const undo: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    const { people, visitors, env, ...rest } = options;
    const stack = await startStack({
      roles: ['api', 'worker'],
      ...rest,
      dataDir: join(folder, 'data'),
      entries: builtEntries(),
      env: { ...NO_LIMITS, ...env },
    });
    undo.push(() => stack.stop());
    const database = await openDatabase(stack.urls.mongodb);
    undo.push(() => database.close());
    const rig = { stack, folder, database, ...startClients(stack, undo), stop };
    await addThreads(rig, people, visitors, undo);
    return rig;
  } catch (error) {
    await stop();
    throw error;
  }
}

function startClients(stack: Stack, undo: (() => unknown)[]): Pick<Rig, 'sandbox' | 'agent' | 'load'> {
  const admin = stack.demo.users.find(({ role }) => role === 'admin');
  if (admin === undefined || stack.urls.sandbox === null) throw new Error('the demo has no administrator or sandbox');
  const inboxIds = stack.demo.inboxes.map(({ id }) => id);
  const agent = new AgentClient(stack.urls.hub, { email: admin.email, password: admin.password }, inboxIds);
  undo.push(() => agent.close());
  const sandbox = new Sandbox(stack.urls.sandbox);
  return { agent, sandbox, load: new Load(agent, sandbox) };
}

async function addThreads(
  { stack, load, sandbox, agent }: Rig,
  people: number,
  visitors: number,
  undo: (() => unknown)[],
): Promise<void> {
  const inboxKey = stack.demo.inboxes.find(({ channel }) => channel === 'web')?.key ?? '';
  for (let n = 1; n <= people; n += 1) {
    const { id } = await sandbox.newPerson(`Person ${n}`);
    load.add(`person-${n}`, { personId: id });
  }
  for (let n = 1; n <= visitors; n += 1) {
    const visitor = new VisitorClient(stack.urls.hub, inboxKey);
    undo.push(() => visitor.close());
    load.add(`visitor-${n}`, { visitor });
  }
  for (const thread of load.threads) load.write(thread);
  await load.accepted();
  const areKnown = (): boolean => load.threads.every(({ name }) => agent.conversationOf(name) !== null);
  await until('the agent has heard of every thread', areKnown, FIRST_MESSAGES_WITHIN);
}
