import { defineChannel } from '../types.js';
import { configSchema, envSchema } from './config.js';
import { find } from './find.js';
import { QUICK_REPLY_TITLE } from './format.js';
import { parseEvent } from './parse.js';
import { fetchProfile } from './profile.js';
import { send, signal } from './send.js';
import { splitWebhook } from './split.js';
import { upload } from './upload.js';
import { answerChallenge, verifyWebhook } from './verify.js';

const HOUR_MS = 60 * 60 * 1000;

/** Facebook Messenger: Meta's webhook and Send API, one inbox per Page. Limits are Meta's. */
export default defineChannel({
  name: 'messenger',
  label: 'Messenger',
  capabilities: {
    // The Send API takes "less than 2000 characters".
    textLimit: 1_999,
    attachments: { kinds: ['image', 'video', 'audio', 'file'], maxBytes: 25_000_000 },
    quickReplies: { max: 13, titleLength: QUICK_REPLY_TITLE },
    replies: true,
    replyWindow: { windowMs: 24 * HOUR_MS, humanAgentMs: 7 * 24 * HOUR_MS },
    typing: true,
    readReceipts: true,
    weight: 1,
  },
  configSchema,
  envSchema,
  answerChallenge,
  verifyWebhook,
  splitWebhook,
  parseEvent,
  upload,
  send,
  find,
  signal,
  fetchProfile,
  attachmentHosts: (env) => env.META_ATTACHMENT_HOSTS,
});
