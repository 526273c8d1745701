import type { LogContext, Logger } from '../../src/logging/logger.js';

type Level = 'error' | 'warn' | 'info' | 'debug';
type Keep = (level: Level, category: string, message: string, fields: Record<string, unknown>) => void;

/** A logger that gives its lines to a test, each with the context that it was logged in. */
export function loggerTo(keep: Keep, context: LogContext = {}): Logger {
  const at =
    (level: Level) =>
    (category: string, message: string, fields: Record<string, unknown> = {}): void =>
      keep(level, category, message, { ...context, ...fields });
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    with: (more) => loggerTo(keep, { ...context, ...more }),
  };
}

/** Says nothing. */
export const quietLogger = loggerTo(() => undefined);
