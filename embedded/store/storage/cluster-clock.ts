const SECOND = 1n << 32n;

/**
 * The time of a replica set: a BSON timestamp, seconds in the upper 32 bits and a counter in the lower. Each write gets
 * the next one; the newest is stored with the write itself, so that it never goes back, whatever the system's clock does.
 */
export class ClusterClock {
  /** The newest time given to a write or heard of. */
  private newest: bigint;
  /** The newest time that is on disk or that a client knows. */
  private told: bigint;

  /** @param stored time of the last write in the data file; undefined for a new file */
  constructor(stored: bigint | undefined) {
    this.newest = stored ?? wallTime();
    this.told = this.newest;
  }

  /** What answers tell as `operationTime` and `$clusterTime`: every read shows at least the writes up to it. */
  get time(): bigint {
    return this.told;
  }

  /** A time later than all before it. */
  tick(): bigint {
    const wall = wallTime();
    this.newest = wall > this.newest ? wall : this.newest + 1n;
    return this.newest;
  }

  /** Notes a time that answers may tell: one that is on disk, or one that a client brought along. */
  reach(time: bigint): void {
    if (time > this.told) this.told = time;
    if (time > this.newest) this.newest = time;
  }
}

/** The first time of the current second. */
function wallTime(): bigint {
  return BigInt(Math.floor(Date.now() / 1000)) * SECOND + 1n;
}
