/** Hints to workers: "there is work". They may be lost; the sweep finds what they would have told (PROTOCOLS 2). */
export interface Hints {
  /** A lane of stored webhook events has work. @param delayMs when it will be due. */
  inbound(lane: string, delayMs?: number): void;
  /** A conversation owes a send. @param delayMs when it will be due. */
  outbound(conversationId: string, delayMs?: number): void;
  /** A consumer has outbox rows. @param conversation where it works conversation by conversation; null elsewhere. */
  consumer(name: string, conversation: string | null): void;
  /** A timer is due. @param delayMs in how long. */
  timer(id: string, delayMs: number): void;
}
