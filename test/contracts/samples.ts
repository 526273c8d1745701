import type { ChannelAdapter, OutboundPart } from '../../channels/types.js';

/** What a channel brings to the suite that every channel passes. */
export interface ChannelSample {
  adapter: ChannelAdapter;
  /** As the environment would hold it, set up completely. */
  env: Record<string, string>;
  /** A valid configuration of one inbox. */
  config: unknown;
  /** For channels with webhooks. */
  webhook?: {
    /** Genuine bodies by name. */
    bodies: Map<string, Buffer>;
    /** The headers under which the platform would send these bytes. */
    headersFor(rawBody: Buffer): Record<string, string>;
    /** The same events as the platform would send them once more. */
    redeliver(rawBody: Buffer): Buffer;
    /** The platform's set-up request and the answer that it waits for. */
    challenge?: { query: Record<string, string>; answer: string };
  };
  /** For channels that send through a platform. */
  outbound?: OutboundSample;
}

/** How a platform answers, for channels that send through one. */
export interface OutboundSample {
  accountId: string;
  /** One part of each kind that the channel sends. */
  parts: OutboundPart[];
  /** The platform's answer to a send that it accepts. */
  accepted: { status: number; body: string };
  /** What must never be part of an address or of an error. */
  secrets: string[];
}
