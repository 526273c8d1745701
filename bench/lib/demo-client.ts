import { io, type Socket } from 'socket.io-client';
import type { Stack } from '../../embedded/launcher/stack.js';

/** Posts JSON and gives the `data` of the answer. @throws Error with the answer's text when it is refused. */
export async function post<T>(url: string, body: unknown): Promise<T> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: ${await answer.text()}`);
  const { data } = (await answer.json()) as { data: T };
  return data;
}

/** A connected socket. */
export async function connect(url: string, token?: string): Promise<Socket> {
  const auth = token === undefined ? {} : { auth: { token } };
  const socket = io(url, { transports: ['websocket'], forceNew: true, ...auth });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  return socket;
}

/** An access token of the demo's admin. */
export async function adminToken({ demo, urls }: Stack): Promise<string> {
  const admin = demo.users.find((user) => user.role === 'admin');
  const { email, password } = admin ?? {};
  return (await post<{ accessToken: string }>(`${urls.hub}/api/auth/login`, { email, password })).accessToken;
}

/** The demo's inbox of a channel. */
export function inboxOf({ demo }: Stack, channel: string): { id: string; key: string } {
  const inbox = demo.inboxes.find((candidate) => candidate.channel === channel);
  if (inbox === undefined) throw new Error(`the demo has no inbox of the channel ${channel}`);
  return inbox;
}
