import { z } from 'zod';
import { TOLD_BY } from '../words.js';
import { milliseconds } from './basics.js';

const toldBy = z.enum(TOLD_BY).nullable();

export const contactDto = z.strictObject({
  id: z.string(),
  /** A stand-in while nobody has told one. */
  name: z.string(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  /** Signed address of our copy of their picture. */
  avatarUrl: z.string().nullable(),
  blocked: z.boolean(),
  /** Null where nothing was told. */
  toldBy: z.strictObject({ name: toldBy, email: toldBy, phone: toldBy }),
  lastSeenAt: milliseconds.nullable(),
  /** The last page of a website that they were on, and where they came from; null: not known. */
  page: z
    .strictObject({ url: z.string(), title: z.string().nullable(), referrer: z.string().nullable(), at: milliseconds })
    .nullable(),
  attributes: z.record(z.string(), z.string()),
});
export type ContactDto = z.infer<typeof contactDto>;
