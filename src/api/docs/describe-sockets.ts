import type { z } from 'zod';
import { socketCatalogue } from '../../shared/socket-catalogue/index.js';
import { AUDIENCES, type ClientEvent, type Namespace, type ServerEvent } from '../../shared/socket-catalogue/rows.js';
import { NAMED_SHAPES, shapeText } from './shape-text.js';

/** A client event for people. */
export interface DescribedCall extends Pick<ClientEvent, 'says' | 'ability' | 'rate' | 'reply'> {
  event: string;
  input: string;
  answer: string;
}

/** A server event for people; `audience` in words. */
export interface DescribedEvent {
  event: string;
  says: string;
  audience: string;
  payload: string;
}

export interface DescribedNamespace extends Pick<Namespace, 'path' | 'says'> {
  calls: DescribedCall[];
  events: DescribedEvent[];
}

const describe = ({ path, says, calls, events }: Namespace): DescribedNamespace => ({
  path,
  says,
  calls: Object.entries(calls).map(([event, { input, answer, says, ability, rate, reply }]: [string, ClientEvent]) => ({
    event,
    says,
    ability,
    rate,
    reply,
    input: shapeText(input, { io: 'input' }),
    answer: shapeText(answer, { io: 'output' }),
  })),
  events: Object.entries(events).map(([event, { says, audience, payload }]: [string, ServerEvent]) => ({
    event,
    says,
    audience: AUDIENCES[audience],
    payload: shapeText(payload, { io: 'output' }),
  })),
});

/** The socket catalogue for people, and the shapes that it names. */
export const describeSockets = (): { namespaces: DescribedNamespace[]; shapes: { name: string; text: string }[] } => ({
  namespaces: socketCatalogue.map(describe),
  shapes: Object.entries(NAMED_SHAPES).map(([name, schema]: [string, z.ZodType]) => ({
    name,
    text: shapeText(schema, { io: 'output', own: true }),
  })),
});
