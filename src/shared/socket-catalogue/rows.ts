import type { z } from 'zod';
import type { Ack } from '../schemas/error.js';
import type { Rate } from '../words.js';

/** What a client may send. */
export interface ClientEvent {
  /** One line for the document. */
  says: string;
  /** The row of the policy table that it asks; null for the event that opens a session. */
  ability: string | null;
  /** Which rate it counts for. */
  rate: Rate;
  input: z.ZodType;
  answer: z.ZodType;
  /** Server event that carries the answer to a client without a callback; null: it is told nothing. */
  reply: string | null;
  /** Server event that carries a refusal to such a client. Default: `error`. */
  fault?: string;
}

/** Who is told, in words for the document. */
export const AUDIENCES = {
  caller: 'the socket concerned',
  user: 'every socket of the user concerned',
  viewers: 'everybody who may see the conversation',
  formerViewers: 'whoever may no longer see the conversation',
  team: 'the whole team',
  visitor: 'every socket of the visitor',
} as const;

/** What the server may send. */
export interface ServerEvent {
  /** One line for the document. */
  says: string;
  audience: keyof typeof AUDIENCES;
  payload: z.ZodType;
}

/** Everything that may be said on one namespace. */
export interface Namespace {
  path: `/${string}`;
  /** One line for the document. */
  says: string;
  /** The client event that opens a session on a socket that came without a token; it alone asks no ability. */
  entry: string;
  calls: Readonly<Record<string, ClientEvent>>;
  events: Readonly<Record<string, ServerEvent>>;
}

/** The client events of a namespace as Socket.IO types them. */
export type ToServer<N extends Namespace> = {
  -readonly [E in keyof N['calls']]: (
    input: z.input<N['calls'][E]['input']>,
    answer?: (ack: Ack<z.output<N['calls'][E]['answer']>>) => void,
  ) => void;
};

/** The server events of a namespace as Socket.IO types them. */
export type ToClient<N extends Namespace> = {
  -readonly [E in keyof N['events']]: (payload: z.output<N['events'][E]['payload']>) => void;
};
