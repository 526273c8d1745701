import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { io, type Socket } from 'socket.io-client';
import type { Ack, ApiAnswer } from '../../src/shared/schemas/error.js';
import type { MessageDto } from '../../src/shared/schemas/message.js';
import type {
  AgentToServer,
  CustomerToServer,
  ServerToAgent,
  ServerToCustomer,
} from '../../src/shared/socket-catalogue/index.js';
import { CheckFailedError } from './check-failed-error.js';
import type { Stack } from './stack-types.js';

type Agent = Socket<ServerToAgent, AgentToServer>;
type Visitor = Socket<ServerToCustomer, CustomerToServer>;

/** How long one step may take on a busy machine, and how often a phone is looked at. Milliseconds. */
const STEP_WITHIN = 30_000;
const LOOK_EVERY = 100;

/**
 * Sends one message each way on each channel of a running demo: a visitor and an agent by their sockets, and a person on
 * Messenger by the sandbox, if there is one.
 * @param say is told, in sentences, what arrived.
 * @throws CheckFailedError
 */
export async function checkDemo({ urls, demo }: Pick<Stack, 'urls' | 'demo'>, say: (line: string) => void) {
  const [hub = ''] = urls.apis;
  const website = demo.inboxes.find(({ channel }) => channel === 'web');
  const login = demo.users.find(({ role }) => role === 'agent');
  if (website === undefined || login === undefined)
    throw new CheckFailedError('There is no demo company to check with.');
  const agent: Agent = await connect(`${hub}/agent`, { token: await logIn(hub, login) }, 'The agent');
  try {
    say(`The agent ${login.email} is logged in.`);
    await checkWebsite(hub, website.key, agent, say);
    if (urls.sandbox === null) say('Messenger is not checked: there is no sandbox.');
    else await checkMessenger(urls.sandbox, agent, say);
  } finally {
    agent.disconnect();
  }
}

async function checkWebsite(hub: string, inboxKey: string, agent: Agent, say: (line: string) => void): Promise<void> {
  const visitor: Visitor = await connect(`${hub}/customer`, {}, 'The visitor');
  try {
    await answered('The visitor got no session', visitor.emitWithAck('customer_connect', { inboxKey }));
    const [question, answer] = texts('website');
    const asked = arrival(agent, question);
    const sent = visitor.emitWithAck('customer_message', { text: question, clientMessageId: randomUUID() });
    await answered("The visitor's message was not taken", sent);
    const { conversation } = await inTime("The visitor's message did not reach the agent", asked);
    say('Website: a visitor wrote, and the agent got it.');

    const got = new Promise<void>((resolve) =>
      visitor.on('agent_message', ({ message }) => message.text === answer && resolve()),
    );
    await reply(agent, conversation, answer);
    await inTime("The agent's answer did not reach the visitor", got);
    say('Website: the agent answered, and the visitor got it.');
  } finally {
    visitor.disconnect();
  }
}

async function checkMessenger(sandbox: string, agent: Agent, say: (line: string) => void): Promise<void> {
  const api = `${sandbox}/sandbox/api`;
  const person = (await call(`${api}/people`, { firstName: 'Carla', lastName: 'Check' })) as { id: string };
  const [question, answer] = texts('Messenger');
  const asked = arrival(agent, question);
  await call(`${api}/people/${person.id}/messages`, { text: question });
  const { conversation } = await inTime('The message from Messenger did not reach the agent', asked);
  say('Messenger: a person wrote, and the agent got it.');

  await reply(agent, conversation, answer);
  const deadline = Date.now() + STEP_WITHIN;
  for (;;) {
    const { messages } = (await call(`${api}/ledger?person=${person.id}`)) as { messages: { text: string | null }[] };
    if (messages.some(({ text }) => text === answer)) break;
    if (Date.now() > deadline) throw late("The agent's answer did not reach the person's phone");
    await sleep(LOOK_EVERY);
  }
  say("Messenger: the agent answered, and it is on the person's phone.");
}

/** A question and an answer that nobody has written before. */
const texts = (channel: string): [string, string] => {
  const mark = randomUUID().slice(0, 8);
  return [`Check ${mark}: does ${channel} work?`, `Check ${mark}: it does.`];
};

/** Resolves with the conversation once the agent is told of a customer's message with this text. */
const arrival = (agent: Agent, text: string): Promise<{ conversation: string }> =>
  new Promise((resolve) => {
    agent.on('customer_message', ({ conversation, message }: { conversation: { id: string }; message: MessageDto }) => {
      if (message.text === text) resolve({ conversation: conversation.id });
    });
  });

const reply = (agent: Agent, conversationId: string, text: string) =>
  answered(
    "The agent's answer was not taken",
    agent.emitWithAck('send_message', { conversationId, text, clientMessageId: randomUUID() }),
  );

function connect<S extends Socket>(url: string, auth: object, who: string): Promise<S> {
  const socket = io(url, { auth, forceNew: true, reconnection: false, transports: ['websocket'] }) as S;
  const connected = new Promise<S>((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    (socket as Socket).once('connect_error', ({ message }: Error) =>
      reject(new CheckFailedError(`${who} could not connect: ${message}`)),
    );
  });
  return inTime(`${who} could not connect`, connected);
}

async function logIn(hub: string, { email, password }: { email: string; password: string }): Promise<string> {
  const said = (await call(`${hub}/api/auth/login`, { email, password })) as ApiAnswer<{ accessToken: string }>;
  if (!said.success) throw new CheckFailedError(`The agent could not log in: ${said.error.message}`);
  return said.data.accessToken;
}

/** Posts a body as JSON, or gets without one. @returns the answer's JSON. */
async function call(url: string, body?: object): Promise<unknown> {
  const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const signal = AbortSignal.timeout(STEP_WITHIN);
  const response = await fetch(url, { ...(body === undefined ? {} : init), signal }).catch((error: unknown) => {
    throw new CheckFailedError(`${url} does not answer.`, { cause: error });
  });
  if (!response.ok) throw new CheckFailedError(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

async function answered<T>(otherwise: string, ack: Promise<Ack<T>>): Promise<T> {
  const said = await inTime(otherwise, ack);
  if (!said.ok) throw new CheckFailedError(`${otherwise}: ${said.error.message}`);
  return said.data;
}

const late = (what: string): CheckFailedError => new CheckFailedError(`${what} within ${STEP_WITHIN / 1_000} seconds.`);

async function inTime<T>(otherwise: string, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late(otherwise)), STEP_WITHIN);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}
