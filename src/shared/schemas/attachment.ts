import { z } from 'zod';
import { ATTACHMENT_KINDS, ATTACHMENT_STATES } from '../words.js';
import { labelled } from './basics.js';

export const attachmentDto = z.strictObject({
  id: z.string(),
  kind: z.enum(ATTACHMENT_KINDS),
  /** File name or title, for people. */
  name: z.string(),
  mimeType: z.string().nullable(),
  /** Bytes, once known. */
  size: z.number().int().nullable(),
  state: z.enum(ATTACHMENT_STATES),
  /** Short-lived signed address of the stored file; null until stored. */
  url: z.string().nullable(),
  /** Where a shared link, post or place leads; opened only on a click. */
  link: z.string().nullable(),
  /** What a template, product, place or appointment says. */
  details: labelled,
});
export type AttachmentDto = z.infer<typeof attachmentDto>;

/** What an upload is answered with. */
export const uploaded = z.strictObject({ attachment: attachmentDto });
export type Uploaded = z.infer<typeof uploaded>;
