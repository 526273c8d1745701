import { z } from 'zod';
import { defineChannel } from '../types.js';

/** Our own channel: the website widget over Socket.IO. What is stored is delivered, so there is nothing to send or to look up. */
export default defineChannel({
  name: 'web',
  label: 'Website',
  capabilities: {
    textLimit: null,
    attachments: {
      kinds: ['image', 'video', 'audio', 'file'],
      maxBytes: 10 * 1024 * 1024,
    },
    quickReplies: { max: 10, titleLength: 40 },
    replies: true,
    replyWindow: null,
    typing: false,
    readReceipts: false,
    weight: 2,
  },
  configSchema: z.strictObject({
    /** Key with which a site vouches for its logged-in users (SPEC 3.3). */
    identitySecret: z.string().min(16).optional(),
  }),
  envSchema: z.object({}),
});
