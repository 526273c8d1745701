import { isNumber, StoreError } from '../values/index.js';
import type { Arguments } from './arguments.js';

/** Every read shows committed, durable data, which satisfies each of these. */
const READ_LEVELS = new Set(['local', 'available', 'majority', 'linearizable']);

/**
 * Accepts the concerns that one durable node fulfils anyway and refuses the others by name: `snapshot` reads outside
 * transactions, reads after a cluster time, and writes to more than one node.
 */
export function checkConcerns(body: Arguments, command: string): void {
  checkReadConcern(body, command);
  checkWriteConcern(body, command);
}

function checkReadConcern(body: Arguments, command: string): void {
  const concern = body.document('readConcern');
  if (concern === undefined) return;
  for (const [field, value] of concern) {
    if (field === 'provenance') continue;
    if (field !== 'level') throw new StoreError(72, `readConcern option '${field}' is not supported by this store`);
    const inTransaction = body.get('autocommit') !== undefined;
    if (typeof value === 'string' && (READ_LEVELS.has(value) || (value === 'snapshot' && inTransaction))) continue;
    throw new StoreError(72, `readConcern level '${String(value)}' is not supported by this store for '${command}'`);
  }
}

function checkWriteConcern(body: Arguments, command: string): void {
  const concern = body.document('writeConcern');
  if (concern === undefined) return;
  const inTransaction = body.get('autocommit') !== undefined;
  if (inTransaction && command !== 'commitTransaction' && command !== 'abortTransaction') {
    throw new StoreError(72, `writeConcern is not allowed within a multi-statement transaction`);
  }
  const w = concern.get('w');
  if (w === undefined || w === 'majority' || (isNumber(w) && Number(w) <= 1)) return;
  throw new StoreError(
    100,
    `Not enough data-bearing nodes: write concern w=${String(w)} cannot be satisfied by one node`,
    {
      codeName: 'UnsatisfiableWriteConcern',
    },
  );
}
