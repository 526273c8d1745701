import type { Hub } from '../../hub.js';
import { reconcileLoad, reconcileTallies } from './reconcile.js';
import { verify, type Difference } from './verify.js';

/** Differences that are remembered of a first look; beyond, they are only counted. */
const MOST_REMEMBERED = 10_000;
/** Differences that are told one by one. */
const MOST_TOLD = 50;

interface Props {
  /** Counts and charges anew what differs. */
  mend: boolean;
  /** Tells a person, in a line. */
  say(line: string): void;
  /** Waits until what was under way at a look has been done: what still differs then is real. */
  settle(): Promise<unknown>;
  stopping: AbortSignal;
}

/**
 * For the person who runs the hub: says in plain words what is kept otherwise than it should be (PROTOCOLS 15), and mends it if told to.
 * @returns whether nothing differs, or nothing any more.
 */
export async function checkUp(hub: Hub, { mend, say, settle, stopping }: Props): Promise<boolean> {
  const found = await lasting(say, settle);
  tell(say, found);
  if (!mend || found.length === 0) return found.length === 0;
  say('Counting everything anew.');
  await reconcileTallies(hub, stopping);
  await reconcileLoad(hub, stopping);
  const left = await lasting(say, settle);
  tell(say, left);
  if (left.length > 0) say('What is left cannot be counted anew: the conversations themselves have to be looked at.');
  return left.length === 0;
}

const keyOf = ({ subject, what }: Difference): string => `${subject} ${what}`;

/** What differs at two looks, so that work going on meanwhile is not taken for a fault. */
async function lasting(say: Props['say'], settle: Props['settle']): Promise<Difference[]> {
  const first = new Set<string>();
  for await (const difference of verify()) if (first.size < MOST_REMEMBERED) first.add(keyOf(difference));
  if (first.size === 0) return [];
  say('Something differs. Work may be under way, so it is looked at once more.');
  await settle();
  const still: Difference[] = [];
  for await (const difference of verify()) if (first.has(keyOf(difference))) still.push(difference);
  return still;
}

function tell(say: Props['say'], found: Difference[]): void {
  if (found.length === 0) return say('Everything that is kept is as it should be.');
  for (const difference of found.slice(0, MOST_TOLD)) say(sentence(difference));
  if (found.length > MOST_TOLD) say(`… and ${found.length - MOST_TOLD} more.`);
}

const sentence = ({ subject, what, kept, truth }: Difference): string =>
  `${subject.replace(':', ' ')}: ${what} is ${word(kept)}, and should be ${word(truth)}.`;

const word = (value: unknown): string => (value === null ? 'nothing' : String(value));
