/** Who wrote: the contact, the agent, or the contact by following a link (a line of the system in the thread). */
export type Sort = 'in' | 'out' | 'ref';

/** The text that tells one message from all others: thread, sort and running number. */
export const serialText = (thread: string, sort: Sort, n: number): string =>
  `${thread}:${sort}:${String(n).padStart(4, '0')}`;

/** Parts of a serial text; null for any other text. */
export function parseSerial(text: string | null | undefined): { thread: string; sort: Sort; n: number } | null {
  const match = /^([\w-]+):(in|out|ref):(\d+)$/.exec(text ?? '');
  return match === null ? null : { thread: match[1] ?? '', sort: match[2] as Sort, n: Number(match[3]) };
}

/** What is wrong with numbers that should be 1, 2, 3 … `count` in this order; empty: nothing. */
export function faultsOfSequence(what: string, numbers: readonly number[], count: number): string[] {
  const seen = new Set(numbers);
  const lost = Array.from({ length: count }, (_, index) => index + 1).filter((n) => !seen.has(n));
  const doubled = [...seen].filter((n) => numbers.filter((other) => other === n).length > 1);
  const unknown = [...seen].filter((n) => n < 1 || n > count);
  const first = numbers.findIndex((n, index) => index > 0 && n < (numbers[index - 1] ?? 0));
  return [
    ...(lost.length > 0 ? [`${what}: lost ${lost.join(', ')}`] : []),
    ...(doubled.length > 0 ? [`${what}: doubled ${doubled.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`${what}: never sent ${unknown.join(', ')}`] : []),
    ...(first > 0 ? [`${what}: out of order, ${numbers[first]} after ${numbers[first - 1]}`] : []),
  ];
}
