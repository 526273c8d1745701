import type { ClusterClock } from '../storage/cluster-clock.js';
import { StoreError, Timestamp, typeName } from '../values/index.js';
import type { Arguments } from './arguments.js';

/** How far ahead of this machine's clock a time may be (MongoDB's maxAcceptableLogicalClockDriftSecs: a year). */
const MAX_DRIFT_SECONDS = 31_536_000;

/**
 * Takes over the `$clusterTime` that a client heard elsewhere, or here before a restart (sessions specification,
 * "Gossipping the cluster time"). Its signature is not looked at, as in a replica set without key file. Throws StoreError
 * 14 and 40414 for another shape, 206 for a time more than a year ahead.
 */
export function hearClusterTime(body: Arguments, clock: ClusterClock): void {
  const gossip = body.document('$clusterTime');
  if (gossip === undefined) return;
  const heard = gossip.get('clusterTime');
  if (heard === undefined) {
    throw new StoreError(40414, "BSON field '$clusterTime.clusterTime' is missing but a required field", {
      codeName: 'IDLFailedToParse',
    });
  }
  if (!(heard instanceof Timestamp)) {
    throw new StoreError(
      14,
      `BSON field '$clusterTime.clusterTime' is the wrong type '${typeName(heard)}', expected type 'timestamp'`,
    );
  }
  const now = Math.floor(Date.now() / 1000);
  if (heard.getHighBitsUnsigned() > now + MAX_DRIFT_SECONDS) {
    throw new StoreError(
      206,
      `New cluster time, ${heard.getHighBitsUnsigned()}, is too far from this node's wall clock time, ${now}.`,
      { codeName: 'ClusterTimeFailsRateLimiter' },
    );
  }
  clock.reach(asBigint(heard));
}

/** A timestamp as one number that orders like it. */
export function asBigint(time: Timestamp): bigint {
  return BigInt.asUintN(64, time.toBigInt());
}
