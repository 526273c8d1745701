/** Limits that both sides of a connection know. Sizes in bytes, lengths in characters, times in milliseconds. */
export const LIMITS = {
  /** Typed by a person in one message; what a platform delivers is never cut (SPEC 16). */
  messageText: 5_000,
  subject: 200,
  fileSize: 10 * 1024 * 1024,
  filesPerMessage: 10,
  /** Rows of a list view that a client names when it catches up. */
  listRows: 200,
  /** Messages answered by one thread catch-up or page. */
  threadPage: 100,
  listPage: 100,
  listPageDefault: 20,
  clientMessageId: 100,
} as const;

/** Intervals of the live protocol, in milliseconds. */
export const TIMING = {
  /** How often a client with an open socket asks what it missed. */
  catchUpEvery: 25_000,
  /** A typing mark that is not renewed disappears after this long. */
  typingLasts: 6_000,
  /** How long a socket without a token may stay before it has to have authenticated. */
  authenticateWithin: 10_000,
  /** How long a connection may stay in no namespace. */
  joinWithin: 5_000,
} as const;
