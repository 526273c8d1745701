import { spawn } from 'node:child_process';

/** Half-seconds that orphans get to end by themselves. */
const PATIENCE = 6;

/**
 * Reads the process ids to look after, one list a line, until its standard input ends: that happens however the launcher
 * dies, `kill -9` included. It then ends what is left, and suspended ones too.
 */
const SCRIPT = `
trap '' INT TERM HUP
pids=
while read -r line; do pids=$line; done
[ -z "$pids" ] && exit 0
kill -TERM $pids 2>/dev/null
kill -CONT $pids 2>/dev/null
n=0
while [ $n -lt ${PATIENCE} ]; do
  alive=
  for pid in $pids; do kill -0 "$pid" 2>/dev/null && alive=1; done
  [ -z "$alive" ] && exit 0
  n=$((n + 1))
  sleep 0.5
done
kill -KILL $pids 2>/dev/null
`;

/** A tiny process of its own that outlives the launcher just long enough to end its children. */
export interface OrphanGuard {
  /** These are the children now. */
  watch(pids: number[]): void;
  /** All children have ended; the guard ends too. */
  close(): void;
}

/** Starts the guard; needs nothing but a POSIX shell. */
export function startOrphanGuard(): OrphanGuard {
  const guard = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  guard.stdin.on('error', () => undefined);
  guard.unref();
  return {
    watch: (pids) => void guard.stdin.write(`${pids.join(' ')}\n`),
    close: () => void guard.stdin.end('\n'),
  };
}
