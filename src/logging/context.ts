import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line of one request or job carries. */
export interface LogContext {
  requestId?: string;
  jobId?: string;
}

const storage = new AsyncLocalStorage<LogContext>();

/** Runs `fn` so that everything it logs carries the context. */
export const withLogContext = <T>(context: LogContext, fn: () => T): T => storage.run(context, fn);

/** The context of the running request or job; empty outside of one. */
export const logContext = (): LogContext => storage.getStore() ?? {};
