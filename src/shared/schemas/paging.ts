import { z } from 'zod';
import { LIMITS } from '../limits.js';

/** What a list is asked with: how many rows, and the cursor of the page before. */
export const pageQuery = {
  cursor: z.string().max(500).exactOptional(),
  limit: z.coerce.number().int().min(1).max(LIMITS.listPage).default(LIMITS.listPageDefault),
};

/** A page of a list; `cursor` asks for the next one, null: there is none. */
export const pageOf = <T extends z.ZodType>(item: T) =>
  z.strictObject({ items: z.array(item), cursor: z.string().nullable() });

export type Page<T> = z.output<ReturnType<typeof pageOf<z.ZodType<T>>>>;
