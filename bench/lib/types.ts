/** One measured figure beside its bare baseline of the same run (SPEC 17). */
export interface Measurement {
  label: string;
  unit: string;
  value: number;
  /** Null for figures with a limit of their own. */
  baseline: number | null;
  /** What the ratio (without a baseline: the value) has to keep; absent for figures that only inform. */
  budget?: { atLeast: number } | { atMost: number };
}

/** A benchmark. Its file in `bench/cases` exports it as default; its name is the file's. */
export interface BenchCase {
  title: string;
  /** Starts what it needs, measures, and leaves nothing running. */
  run(): Promise<Measurement[]>;
}

/** What is held against the budget: the ratio, or the value where there is no baseline. */
export const judged = ({ value, baseline }: Measurement): number => (baseline === null ? value : value / baseline);

/** Whether the budget is kept; null without one. */
export function keepsBudget(measurement: Measurement): boolean | null {
  const { budget } = measurement;
  if (budget === undefined) return null;
  const figure = judged(measurement);
  return 'atLeast' in budget ? figure >= budget.atLeast : figure <= budget.atMost;
}
