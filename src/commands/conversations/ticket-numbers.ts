import { CounterModel } from '../../models/index.js';

const BLOCK = 20;
let next = 0;
let last = -1;
let fetching: Promise<void> | null = null;

async function fetchBlock(): Promise<void> {
  const counter = await CounterModel.findOneAndUpdate(
    { _id: 'conversations' },
    { $inc: { value: BLOCK } },
    { upsert: true, returnDocument: 'after' },
  ).lean();
  last = counter.value;
  next = last - BLOCK + 1;
}

/**
 * The next `<n>` of TKT-<n>, from a block that this process took from the counter outside any transaction: no document is written
 * by every new conversation, numbers are never given twice, gaps may stay (PROTOCOLS 1).
 */
export async function nextTicketNumber(): Promise<number> {
  while (next > last) {
    fetching ??= fetchBlock().finally(() => {
      fetching = null;
    });
    await fetching;
  }
  const number = next;
  next += 1;
  return number;
}
