import type { Message as SandboxMessage } from '../../../embedded/sandbox/messenger/types.js';
import type { StoredConversation, StoredMessage } from './database.js';
import type { Thread } from './load.js';
import type { Rig } from './rig.js';
import { faultsOfSequence, parseSerial, type Sort } from './serial.js';
import type { ThreadCopy } from './thread-copy.js';
import { untilDone } from '../../support/until.js';

/** Longest that anything may stay owed: an unknown outcome waits 30 s, and may have to be looked up again. Milliseconds. */
export const SETTLES_WITHIN = 180_000;

/** What is owed in the store and on the platform's side; empty once everything has been dealt with. */
export async function owedBy({ database, sandbox }: Rig): Promise<string[]> {
  const queued = (await sandbox.queued()).map(
    ({ field, lastTry }) => `webhook ${field}: ${lastTry?.answer ?? 'untried'}`,
  );
  return [...queued, ...(await database.owed())];
}

/** Waits until nothing is owed. @returns what still is after `withinMs`. */
export async function settle(rig: Rig, withinMs = SETTLES_WITHIN): Promise<string[]> {
  let owed: string[] = [];
  const attempt = async (): Promise<void> => {
    owed = await owedBy(rig).catch((error: unknown) => [`nobody could look: ${String(error)}`]);
    if (owed.length > 0) throw new Error('not settled');
  };
  await untilDone(attempt, withinMs).catch(() => undefined);
  return owed.map((line) => `owed: ${line}`);
}

/** Everything that is wrong once the load was accepted and has settled: in the store, on the platform, on the clients' screens. */
export async function findFaults(rig: Rig): Promise<string[]> {
  const { database, load, sandbox, agent } = rig;
  const [messages, conversations, ledger, unfinished] = await Promise.all([
    database.messages(),
    database.conversations(),
    sandbox.ledger(),
    database.unfinishedFiles(),
  ]);
  await untilDone(() => agent.refresh());
  for (const { visitor } of load.threads) if (visitor !== null) await untilDone(() => visitor.refresh());

  const faults = load.threads.flatMap((thread) => [
    ...faultsInStore(thread, messages, conversations),
    ...faultsOnPlatform(thread, ledger),
    ...faultsOnScreens(thread, messages, agent.threads),
  ]);
  return [...faults, ...(unfinished > 0 ? [`store: ${unfinished} files were not copied`] : [])];
}

const serialOf = (message: StoredMessage) =>
  parseSerial(message.activity === null ? message.text : String(message.activity.data['ref']));

const numbers = (messages: StoredMessage[], sort: Sort): number[] =>
  messages.flatMap((message) => {
    const serial = serialOf(message);
    return serial?.sort === sort ? [serial.n] : [];
  });

/** A thread in reading order, wherever its messages landed. */
const storedThread = (thread: Thread, messages: StoredMessage[]): StoredMessage[] =>
  messages.filter((message) => serialOf(message)?.thread === thread.name);

function faultsInStore(thread: Thread, all: StoredMessage[], conversations: StoredConversation[]): string[] {
  const where = `store, ${thread.name}`;
  const texts = storedThread(thread, all);
  const ids = new Set(texts.map((message) => String(message.conversation)));
  const faults = [
    ...faultsOfSequence(`${where}, written`, numbers(texts, 'in'), thread.written),
    ...faultsOfSequence(`${where}, followed`, numbers(texts, 'ref'), thread.followed),
    ...faultsOfSequence(`${where}, answered`, numbers(texts, 'out'), thread.answered),
    ...(ids.size === 1 ? [] : [`${where}: ${ids.size} conversations`]),
  ];
  for (const conversation of conversations.filter(({ _id }) => ids.has(String(_id)))) {
    const messages = all.filter((message) => message.conversation.equals(conversation._id));
    faults.push(...faultsInConversation(where, conversation, messages), ...faultsInParts(where, messages));
  }
  return faults;
}

/** What is kept counted must be what a count would give (DESIGN 3). */
function faultsInConversation(where: string, conversation: StoredConversation, messages: StoredMessage[]): string[] {
  const fromContact = messages.filter(({ senderType }) => senderType === 'contact').length;
  const last = messages.filter(({ kind }) => kind !== 'activity').at(-1);
  const seqs = new Set(messages.map(({ seq }) => seq));
  const newest = Math.max(...messages.map(({ rev }) => rev));
  return [
    ...(conversation.contactMessageCount === fromContact
      ? []
      : [`${where}: counts ${conversation.contactMessageCount} messages of the contact, has ${fromContact}`]),
    ...(last && conversation.lastMessage?.message.equals(last._id) ? [] : [`${where}: its last message is another`]),
    ...(seqs.size === messages.length ? [] : [`${where}: two messages have one seq`]),
    ...(newest <= conversation.rev ? [] : [`${where}: a message is newer (${newest}) than its thread`]),
  ];
}

function faultsInParts(where: string, messages: StoredMessage[]): string[] {
  return messages.flatMap((message) => [
    ...message.parts
      .filter(({ state }) => state !== 'sent')
      .map(({ n, state }) => `${where}: part ${n} of ${message.text} is ${state}`),
    ...(message.sentTwice ? [`${where}: ${message.text} was sent twice`] : []),
    ...(message.absorbed ? [] : strange(where, message)),
  ]);
}

/** Nobody else writes in these threads: a message without a serial is a copy that was taken for somebody else's. */
const strange = (where: string, message: StoredMessage): string[] =>
  message.kind === 'message' && serialOf(message) === null && message.parts.length === 0
    ? [`${where}: nobody wrote ${JSON.stringify(message.text)}`]
    : [];

function faultsOnPlatform(thread: Thread, ledger: SandboxMessage[]): string[] {
  if (thread.personId === null) return [];
  const where = `platform, ${thread.name}`;
  const own = ledger.filter(({ personId }) => personId === thread.personId);
  const serials = (sort: Sort): number[] =>
    own.flatMap(({ text }) => {
      const serial = parseSerial(text);
      return serial?.sort === sort ? [serial.n] : [];
    });
  const files = own
    .filter(({ direction }) => direction === 'out')
    .flatMap(({ attachments }) => attachments.map(({ file }) => file?.name ?? 'unnamed'));
  return [
    ...faultsOfSequence(`${where}, written`, serials('in'), thread.written),
    ...faultsOfSequence(`${where}, answered`, serials('out'), thread.answered),
    ...(files.join() === thread.files.join()
      ? []
      : [`${where}: files ${files.join()} instead of ${thread.files.join()}`]),
  ];
}

/** Agent and visitor see what is stored, all of it in its order. */
function faultsOnScreens(thread: Thread, all: StoredMessage[], agentThreads: Map<string, ThreadCopy>): string[] {
  const conversation = storedThread(thread, all)[0]?.conversation;
  if (conversation === undefined) return [`store, ${thread.name}: nothing is there`];
  const messages = all.filter((message) => message.conversation.equals(conversation) && !message.absorbed);
  const said = messages.filter(({ kind }) => kind === 'message' || kind === 'postback');
  return [
    ...compare(`agent, ${thread.name}`, agentThreads.get(String(conversation)), messages),
    ...(thread.visitor === null ? [] : compare(`visitor, ${thread.name}`, thread.visitor.thread, said)),
  ];
}

function compare(where: string, copy: ThreadCopy | undefined, stored: StoredMessage[]): string[] {
  const shown = (copy?.shown() ?? []).map(({ id, rev, text }) => `${id}@${rev} ${text}`);
  const expected = stored.map(({ _id, rev, text }) => `${String(_id)}@${rev} ${text}`);
  const first = expected.findIndex((line, index) => line !== shown[index]);
  if (first === -1 && shown.length === expected.length) return [];
  const at = first === -1 ? expected.length : first;
  return [
    `${where}: shows ${shown.length} instead of ${expected.length} messages; place ${at + 1} is ` +
      `${shown[at] ?? 'empty'} instead of ${expected[at] ?? 'empty'}`,
  ];
}
