import { z } from 'zod';

const httpError = z.strictObject({
  code: z.string(),
  /** A sentence for people. */
  message: z.string(),
  /** Fields that are wrong. */
  details: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
});

/** An error as clients see it. */
export const apiError = httpError.extend({
  /** Seconds to wait before the same call is worth another try. Over sockets only: HTTP says it in `Retry-After`. */
  retryAfter: z.number().exactOptional(),
});
export type ApiError = z.infer<typeof apiError>;

/** Envelope of every HTTP answer (SPEC 12). */
export const success = <T extends z.ZodType>(data: T) => z.strictObject({ success: z.literal(true), data });
export const failure = z.strictObject({ success: z.literal(false), error: httpError });
export type ApiAnswer<T> = z.output<ReturnType<typeof success<z.ZodType<T>>>> | z.infer<typeof failure>;

/** What every client event over a socket is answered with. */
export const accepted = <T extends z.ZodType>(data: T) => z.strictObject({ ok: z.literal(true), data });
export const refused = z.strictObject({ ok: z.literal(false), error: apiError });
export type Ack<T> = z.output<ReturnType<typeof accepted<z.ZodType<T>>>> | z.infer<typeof refused>;
