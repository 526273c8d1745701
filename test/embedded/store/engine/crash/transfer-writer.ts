import type { Random } from '../../../../chaos/support/random.js';
import type { Answer, Line } from './line.js';
import { text } from './row-writer.js';
import type { Entry, Snapshot, Transfer, Writer } from './writer.js';

export const ACCOUNTS = 12;

interface Attempt {
  id: string;
  commit: Answer;
  /** The commit was sent, so it may have happened. */
  sent: boolean;
}

/** Moves amounts between shared accounts in transactions over three collections. */
export class TransferWriter implements Writer {
  readonly faults: string[] = [];
  readonly unanswered = { sent: 0, made: 0 };
  acknowledged = 0;
  private readonly done = new Set<string>();
  private open: Attempt | undefined;
  private lastCommit: Answer | undefined;
  private count = 0;

  constructor(
    readonly name: string,
    readonly line: Line,
    private readonly random: Random,
  ) {}

  async step(): Promise<boolean> {
    const { random } = this;
    const from = random.below(ACCOUNTS);
    const to = (from + 1 + random.below(ACCOUNTS - 1)) % ACCOUNTS;
    const transfer: Transfer = { _id: `${this.name}.${this.count++}`, from, to, amount: 1 + random.below(50) };
    const { wrap, commit, abort } = this.line.transaction();
    this.open = { id: transfer._id, commit, sent: false };
    for (const statement of statements(transfer)) {
      const answer = await this.line.send(wrap(statement));
      if (answer === undefined) return false;
      if (answer['ok'] === 1 && answer['n'] >= 1) continue;
      this.open = undefined;
      if (answer['code'] !== 112) this.fault(`unexpected answer ${text(answer)} to ${text(statement)}`);
      return true;
    }
    if (random.below(6) === 0) return this.giveUp(abort);
    this.open.sent = true;
    const answer = await this.line.send(commit);
    if (answer === undefined) return false;
    this.open = undefined;
    if (answer['ok'] !== 1) this.fault(`a commit answered ${text(answer)}`);
    else this.accept(transfer._id, commit);
    return true;
  }

  /** A commit without an answer is only sent again once it is known what the store holds. */
  async repeat(): Promise<void> {
    if (this.open !== undefined || this.lastCommit === undefined) return;
    const again = await this.line.send(this.lastCommit);
    if (again?.['ok'] !== 1) this.fault(`a commit that had succeeded answered ${text(again)} when sent again`);
  }

  async settle(stored: Snapshot): Promise<void> {
    const there = new Set(stored.transfers.map(({ _id }) => _id).filter((id) => id.startsWith(`${this.name}.`)));
    const { open } = this;
    this.open = undefined;
    if (open !== undefined) await this.resolve(open, there.has(open.id));
    for (const id of this.done) if (!there.has(id)) this.fault(`the committed transfer ${id} is lost`);
    for (const id of there) if (!this.done.has(id)) this.fault(`transfer ${id} is there without a commit`);
  }

  private async resolve(open: Attempt, there: boolean): Promise<void> {
    if (there && !open.sent) this.fault(`transfer ${open.id} is there before its commit was sent`);
    for (let time = 0; time < 2; time += 1) {
      const again = await this.line.send(open.commit);
      const right = there ? again?.['ok'] === 1 : again?.['code'] === 251;
      if (!right)
        this.fault(`the transfer is ${there ? '' : 'not '}there, and its commit sent again answers ${text(again)}`);
    }
    if (open.sent) this.unanswered.sent += 1;
    if (!there) return;
    this.unanswered.made += 1;
    this.accept(open.id, open.commit);
  }

  private accept(id: string, commit: Answer): void {
    this.acknowledged += 1;
    this.done.add(id);
    this.lastCommit = commit;
  }

  private async giveUp(abort: Answer): Promise<boolean> {
    const answer = await this.line.send(abort);
    if (answer === undefined) return false;
    this.open = undefined;
    if (answer['ok'] !== 1) this.fault(`an abort answered ${text(answer)}`);
    return true;
  }

  private fault(what: string): void {
    this.faults.push(`${this.name}: ${what}`);
  }
}

function statements({ _id, from, to, amount }: Transfer): Answer[] {
  const change = (account: number, by: number): Answer => ({
    update: 'accounts',
    updates: [{ q: { _id: account }, u: { $inc: { balance: by } } }],
  });
  const side = (account: number, by: number): Entry => ({
    _id: `${_id}:${account}`,
    transfer: _id,
    account,
    amount: by,
  });
  return [
    change(from, -amount),
    { insert: 'transfers', documents: [{ _id, from, to, amount }] },
    change(to, amount),
    { insert: 'entries', documents: [side(from, -amount), side(to, amount)] },
  ];
}

/** The accounts are what the transfers make of them, and every transfer has its two entries. */
export function checkBooks({ accounts, transfers, entries }: Snapshot): string[] {
  const faults: string[] = [];
  for (const { _id, balance } of accounts) {
    const sum = transfers.reduce(
      (total, { from, to, amount }) => total + (to === _id ? amount : 0) - (from === _id ? amount : 0),
      0,
    );
    if (sum !== balance) faults.push(`account ${_id} has ${balance} where its transfers make ${sum}`);
  }
  if (accounts.length !== ACCOUNTS) faults.push(`there are ${accounts.length} accounts`);
  const expected = transfers.flatMap(({ _id, from, to, amount }) => [
    text({ _id: `${_id}:${from}`, transfer: _id, account: from, amount: -amount }),
    text({ _id: `${_id}:${to}`, transfer: _id, account: to, amount }),
  ]);
  const found = new Set(entries.map(text));
  if (found.size !== expected.length || expected.some((entry) => !found.has(entry))) {
    faults.push(`${transfers.length} transfers have ${found.size} entries, or others than their own`);
  }
  return faults;
}
