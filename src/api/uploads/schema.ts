import { z } from 'zod';
import type { AttachmentDto } from '../../shared/dto.js';

/** An attachment as it leaves. */
export const attachmentDto = z.strictObject({
  id: z.string(),
  kind: z.enum([
    'image',
    'video',
    'audio',
    'file',
    'sticker',
    'link',
    'location',
    'template',
    'appointment',
    'unsupported',
  ]),
  name: z.string(),
  mimeType: z.string().nullable(),
  size: z.number().int().nullable(),
  state: z.enum(['pending', 'stored', 'failed', 'none']),
  url: z.string().nullable(),
  link: z.string().nullable(),
  details: z.array(z.strictObject({ label: z.string(), value: z.string() })),
}) satisfies z.ZodType<AttachmentDto>;
