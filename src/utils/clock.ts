/** What time it is. One for the whole hub, so that a test or a seed may move all of it together (DESIGN 13). */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
