import type { Logger } from './logger.js';

/** Where clients reach us. */
type Side = 'http' | 'sockets';

/**
 * Keeps what clients do wrong out of the log: anybody can send nonsense as fast as their line carries it. Each fault is a line
 * without a stack at level `debug`; what happened in a minute is one line at `info`.
 */
export interface ClientFaults {
  /** @param code one of a closed set, such as the code of the refusal: each has a counter of its own. */
  note(side: Side, code: string, fields: Record<string, unknown>): void;
  /** Tells what was counted and ends. */
  stop(): void;
}

/** Milliseconds. */
const TELL_EVERY = 60_000;

export function createClientFaults(logger: Logger): ClientFaults {
  let counts: Record<Side, Record<string, number>> = { http: {}, sockets: {} };
  const tell = (): void => {
    const told = counts;
    counts = { http: {}, sockets: {} };
    for (const side of ['http', 'sockets'] as const) {
      if (Object.keys(told[side]).length > 0) logger.info(side, 'faults of clients', { counts: told[side] });
    }
  };
  const timer = setInterval(tell, TELL_EVERY).unref();

  return {
    note: (side, code, fields) => {
      counts[side][code] = (counts[side][code] ?? 0) + 1;
      logger.debug(side, 'refused', { ...fields, code });
    },
    stop: () => {
      clearInterval(timer);
      tell();
    },
  };
}
