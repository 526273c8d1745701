import { z } from 'zod';

/** An id of ours. */
export const id = z.string().regex(/^[0-9a-f]{24}$/i, 'is not an id');

/** A revision of a conversation. */
export const rev = z.number().int().min(0);
