import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { socketsPage } from '../../../scripts/socket-docs/sockets-page.js';
import { assertPolicies, PolicyMissingError } from '../../../src/policies/index.js';
import { agentCalls } from '../../../src/realtime/agent-calls.js';
import { customerCalls } from '../../../src/realtime/customer-calls.js';
import { guardedCalls, socketCatalogue } from '../../../src/shared/socket-catalogue/index.js';
import type { ClientEvent, Namespace } from '../../../src/shared/socket-catalogue/rows.js';

const rows = socketCatalogue.flatMap(({ path, calls, events }: Namespace) =>
  Object.entries(calls).map(([event, row]): [string, ClientEvent, Namespace['events']] => [
    `${path} ${event}`,
    row,
    events,
  ]),
);

test('docs/sockets.md says what the catalogue says; npm run docs:sockets writes it anew', () => {
  expect(readFileSync(join(import.meta.dirname, '../../../docs/sockets.md'), 'utf8')).toBe(socketsPage());
});

test('every event has what answers it', () => {
  const answered = [...Object.keys(agentCalls), ...Object.keys(customerCalls)].sort();
  expect(answered).toEqual(socketCatalogue.flatMap(({ calls }) => Object.keys(calls)).sort());
  for (const call of [...Object.values(agentCalls), ...Object.values(customerCalls)])
    expect(call.handle).toBeInstanceOf(Function);
});

describe.each(rows)('%s', (_name, { reply, fault, answer, input }, events) => {
  test('tells clients without a callback the same as the others, by an event that there is', () => {
    if (reply !== null) expect(events[reply]?.payload).toBe(answer);
    expect(Object.keys(events)).toContain(fault ?? 'error');
  });

  test('refuses what it does not know', () => {
    const isStrict = (schema: z.ZodType): boolean =>
      schema instanceof z.ZodUnion
        ? (schema.options as z.ZodType[]).every(isStrict)
        : schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodNever;
    expect(isStrict(input)).toBe(true);
  });
});

test('only the event that opens a session asks no ability; another one without stops the boot by name', () => {
  expect(() => assertPolicies(socketCatalogue.flatMap(guardedCalls))).not.toThrow();
  for (const { entry, calls } of socketCatalogue as readonly Namespace[])
    expect(Object.keys(calls).filter((event) => calls[event]?.ability === null)).toEqual([entry]);
  const [agents] = socketCatalogue;
  const open: Namespace = { ...agents, calls: { ...agents.calls, assign: { ...agents.calls.assign, ability: null } } };
  expect(() => assertPolicies(guardedCalls(open))).toThrow(PolicyMissingError);
  expect(() => assertPolicies(guardedCalls(open))).toThrow('/agent assign: no ability named');
});
