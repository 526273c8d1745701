import type { z } from 'zod';
import type { ErrorDetail } from '../errors.js';

/** A zod error as the fields of a 400; `place` names the input when the whole of it is wrong. */
export function describeIssues(error: z.ZodError, place: string): ErrorDetail[] {
  return error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys') return [{ field: path.join('.') || place, message: issue.message }];
    return issue.keys.map((key) => ({ field: [...path, key].join('.'), message: 'is not known here' }));
  });
}
