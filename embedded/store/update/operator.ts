import type { Timestamp, Value } from '../values/index.js';
import type { Change } from './path.js';

/** What an update knows while it is applied. */
export interface UpdateContext {
  /** True while an upsert builds the document it will insert. */
  isInsert: boolean;
  /** The time for `$currentDate` and `$$NOW`. */
  now: Date;
  /** The server's next timestamp; no two are equal. */
  timestamp(): Timestamp;
}

/** One field's change; `create` says whether missing parents are made for it. */
export interface FieldChange {
  create: boolean;
  /** The change for one application, or undefined when it does not apply now. */
  change(context: UpdateContext): Change | undefined;
}

/** Reads an operator's argument for one path. Throws StoreError when it is malformed. */
export type UpdateOperator = (argument: Value, path: string) => FieldChange;

/** A change that depends on nothing but the old value. */
export function always(create: boolean, change: Change): FieldChange {
  return { create, change: () => change };
}
