const isContainer = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * Whether objects and lists of a parsed JSON value stand more than so many levels inside one another. Without recursion, so that no
 * value is too deep to be asked about.
 */
export function nestsDeeperThan(value: unknown, levels: number): boolean {
  let containers = [value].filter(isContainer);
  for (let level = 1; level <= levels && containers.length > 0; level += 1)
    containers = containers.flatMap((container): unknown[] => Object.values(container)).filter(isContainer);
  return containers.length > 0;
}
