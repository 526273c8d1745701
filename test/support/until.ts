import { setTimeout as pause } from 'node:timers/promises';

type Look<T> = () => T | Promise<T>;
type Found<T> = Promise<NonNullable<Exclude<T, false>>>;

/**
 * Looks until it sees something: neither false, null nor undefined.
 * @param what is waited for; a function tells at the end how things stand. By default the words of the condition.
 * @param within milliseconds. @param every milliseconds between two looks.
 * @returns what was seen. @throws Error naming what was waited for.
 */
export function until<T>(look: Look<T>): Found<T>;
export function until<T>(what: string | (() => unknown), look: Look<T>, within?: number, every?: number): Found<T>;
export async function until<T>(
  ...[what, then, within = 20_000, every = 10]: [string | Look<unknown>, Look<T>?, number?, number?]
): Found<T> {
  const look = then ?? (what as Look<T>);
  const deadline = Date.now() + within;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen as NonNullable<Exclude<T, false>>;
    if (Date.now() > deadline) throw new Error(`Waited ${within} ms in vain until ${await wordsOf(what, look)}`);
    await pause(every);
  }
}

async function wordsOf(what: string | Look<unknown>, look: Look<unknown>): Promise<string> {
  if (what === look) return String(look).replaceAll(/\s+/g, ' ');
  return typeof what === 'string' ? what : JSON.stringify(await what());
}

/** Tries until it succeeds, as every sender does that wants an acknowledgement. @throws the last error after `within` milliseconds. */
export async function untilDone<T>(attempt: () => Promise<T>, within = 120_000): Promise<T> {
  const deadline = Date.now() + within;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(200);
    }
  }
}
