import type { ClusterClock } from '../storage/cluster-clock.js';
import { isNumber, StoreError, Timestamp, typeName, type Value } from '../values/index.js';
import type { Arguments } from './arguments.js';
import { asBigint } from './cluster-time.js';

/** Every read shows committed, durable data, which satisfies each of these. */
const READ_LEVELS = new Set(['local', 'available', 'majority', 'linearizable']);

/**
 * Accepts the concerns that one durable node fulfils anyway and refuses the others by name: `snapshot` reads outside
 * transactions, and writes to more than one node.
 */
export function checkConcerns(body: Arguments, command: string, clock: ClusterClock): void {
  checkReadConcern(body, command, clock);
  checkWriteConcern(body, command);
}

function checkReadConcern(body: Arguments, command: string, clock: ClusterClock): void {
  const concern = body.document('readConcern');
  if (concern === undefined) return;
  for (const [field, value] of concern) {
    if (field === 'provenance') continue;
    if (field === 'afterClusterTime') {
      checkAfter(value, concern.get('level') ?? 'local', clock);
      continue;
    }
    if (field !== 'level') throw new StoreError(72, `readConcern option '${field}' is not supported by this store`);
    const inTransaction = body.get('autocommit') !== undefined;
    if (typeof value === 'string' && (READ_LEVELS.has(value) || (value === 'snapshot' && inTransaction))) continue;
    throw new StoreError(72, `readConcern level '${String(value)}' is not supported by this store for '${command}'`);
  }
}

/** The levels that can wait for a cluster time (manual: "Causal Consistency and Read and Write Concerns"). */
const CAUSAL_LEVELS = new Set<Value>(['local', 'majority', 'snapshot']);

/** Nothing has to be waited for: every read shows all writes up to the newest time that anybody can know. */
function checkAfter(time: Value, level: Value, clock: ClusterClock): void {
  if (!(time instanceof Timestamp)) {
    throw new StoreError(
      14,
      `BSON field 'readConcern.afterClusterTime' is the wrong type '${typeName(time)}', expected type 'timestamp'`,
    );
  }
  if (!CAUSAL_LEVELS.has(level)) {
    throw new StoreError(
      72,
      'afterClusterTime field can be set only if level is equal to majority, local, or snapshot',
    );
  }
  const after = asBigint(time);
  if (after === 0n) throw new StoreError(72, 'afterClusterTime cannot be a null timestamp');
  if (after > clock.time) {
    throw new StoreError(
      72,
      `readConcern afterClusterTime value must not be greater than the current clusterTime. Requested clusterTime: ${time.toString()}; current clusterTime: ${clock.time}`,
    );
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
