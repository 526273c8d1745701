import winston from 'winston';
import { redact } from './redact.js';

/** What every log line of one request, socket or job carries. */
export interface LogContext {
  requestId?: string;
  jobId?: string;
}

/** Category, message, redacted fields (STYLE 25). */
export interface Logger {
  error(category: string, message: string, fields?: Record<string, unknown>): void;
  warn(category: string, message: string, fields?: Record<string, unknown>): void;
  info(category: string, message: string, fields?: Record<string, unknown>): void;
  debug(category: string, message: string, fields?: Record<string, unknown>): void;
  /** The same, whose lines carry this, too. It is handed on, because following every promise costs a tenth of the processor time. */
  with(context: LogContext): Logger;
}

/** JSON lines on standard error, so that a process's standard output stays its own. */
export function createLogger(options: { level: string; role: string; silent?: boolean }): Logger {
  const base = winston.createLogger({
    level: options.level,
    silent: options.silent ?? false,
    format: winston.format.combine(winston.format.timestamp(), winston.format.json()),
    defaultMeta: { role: options.role, pid: process.pid },
    transports: [new winston.transports.Console({ stderrLevels: ['error', 'warn', 'info', 'debug'] })],
  });
  return inContext(base, {});
}

function inContext(base: winston.Logger, context: LogContext): Logger {
  const at =
    (level: 'error' | 'warn' | 'info' | 'debug') =>
    (category: string, message: string, fields: Record<string, unknown> = {}): void => {
      base.log(level, message, { category, ...context, ...(redact(fields) as Record<string, unknown>) });
    };
  return {
    error: at('error'),
    warn: at('warn'),
    info: at('info'),
    debug: at('debug'),
    with: (more) => inContext(base, { ...context, ...more }),
  };
}
