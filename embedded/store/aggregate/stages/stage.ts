import type { Doc, Value } from '../../values/index.js';

/** Passes a document on; false when no more are wanted. */
export type Emit = (doc: Doc) => boolean;

/** A stage at work. */
export interface Running {
  /** Takes one document; false when the stage needs no more. */
  push(doc: Doc): boolean;
  /** Called once after the last document; ticks are moments at which other work may run. */
  end?(): Iterable<undefined>;
}

/** A compiled stage that needs no I/O; `start` gives it a fresh state. */
export interface Stage {
  start(emit: Emit): Running;
}

/** What a pipeline may ask of its surroundings. */
export interface PipelineContext {
  /** Documents of another collection, for `$lookup`; those that do not match `filter` may be left out. */
  lookup(collection: string, filter: Doc): AsyncIterable<Doc>;
  /** Values of `$$name` variables: the command's `let`. */
  variables?: ReadonlyMap<string, Value>;
  /** The client lets sorts hold more than MongoDB's limit. */
  allowDiskUse?: boolean;
  /** Called now and then: a promise when it is time to let other work run. */
  pause?(): Promise<void> | undefined;
  /** The time of `$$NOW`; now when left out. */
  now?: Date;
}

/** Documents handed out between two ticks. */
export const TICK_DOCUMENTS = 128;

/** A stage that turns each document into at most one. */
export function mapping(change: (doc: Doc) => Doc | undefined): Stage {
  return {
    start: (emit) => ({
      push: (doc) => {
        const result = change(doc);
        return result === undefined || emit(result);
      },
    }),
  };
}
