/** Hints to workers: "there is work". They may be lost; the sweep finds what they would have told (PROTOCOLS 2). */
export interface Hints {
  /** A lane of stored webhook events has work. */
  inbound(lane: string): void;
  /** A conversation owes a send. */
  outbound(conversationId: string): void;
  /** A consumer has outbox rows. */
  consumer(name: string): void;
}
