/** A program that npm cannot bring. */
export interface Program {
  label: string;
  /** The names it may have. */
  programs: string[];
  /** npm packages that do nothing without it. */
  usedThrough: string[];
}

/** One part of `npm test` that jest runs. */
export interface TestPart {
  folders: string[];
  programs: Program[];
  runsTheBuild: boolean;
  minutes: number;
}

export const PROGRAMS: Program[];
export const TEST_PARTS: Record<string, TestPart>;
