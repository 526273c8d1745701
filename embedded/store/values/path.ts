const cache = new Map<string, readonly string[]>();

/** Paths come from index definitions and queries; past this many distinct ones the cache starts again. */
const CACHE_LIMIT = 10_000;

/** The names of a dotted path. The result is shared: do not change it. */
export function pathParts(path: string): readonly string[] {
  let parts = cache.get(path);
  if (parts === undefined) {
    if (cache.size >= CACHE_LIMIT) cache.clear();
    parts = path.split('.');
    cache.set(path, parts);
  }
  return parts;
}

/** The array position that a path component names (no sign, no leading zero), or -1. */
export function arrayIndex(part: string): number {
  return /^(0|[1-9]\d{0,8})$/.test(part) ? Number(part) : -1;
}
