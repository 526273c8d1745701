import { z } from 'zod';

/** What the shapes of several nouns are made of. */

/** An id of ours, in the letters that the store writes it with. */
export const id = z
  .string()
  .regex(/^[0-9a-f]{24}$/i, 'is not an id')
  .toLowerCase();

/** Params of `/…/:id`. */
export const idParams = z.strictObject({ id });

/** A revision of a conversation that a client names. */
export const rev = z.number().int().min(0);

/** Milliseconds since the epoch. */
export const milliseconds = z.number().int();

export const count = z.number().int();

/** Lines to display. */
export const labelled = z.array(z.strictObject({ label: z.string(), value: z.string() }));

/** Why sends of an inbox wait just now. */
export const hold = z.strictObject({ reason: z.string(), until: milliseconds.nullable() });
