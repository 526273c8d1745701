import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api.js';
import type { Person, SandboxState, Thread } from '../types.js';

/** Changes come in bursts; they are looked at together after so many milliseconds. */
const GATHER_MS = 60;

export interface Live {
  state: SandboxState | null;
  /** The chosen person, or the first one. */
  person: Person | null;
  /** That person's thread; null while it loads. */
  thread: Thread | null;
  /** The stream of changes is open. */
  connected: boolean;
}

/** Keeps the sandbox's state and one person's thread up to date by its stream of changes. */
export function useLive(chosen: string | null): Live {
  const [state, setState] = useState<SandboxState | null>(null);
  const [loaded, setLoaded] = useState<{ personId: string; thread: Thread } | null>(null);
  const [connected, setConnected] = useState(false);
  const person = state?.people.find(({ id }) => id === chosen) ?? state?.people[0] ?? null;
  const personId = person?.id ?? null;
  const wantedRef = useRef<string | null>(null);

  const loadState = useCallback(async () => setState(await api.state()), []);
  const loadThread = useCallback(async () => {
    const id = wantedRef.current;
    if (id === null) return;
    const thread = await api.thread(id);
    if (wantedRef.current === id) setLoaded({ personId: id, thread });
  }, []);

  useEffect(() => {
    wantedRef.current = personId;
    loadThread().catch(() => undefined);
  }, [personId, loadThread]);

  useEffect(() => {
    const stream = new EventSource('/sandbox/api/stream');
    let timer: number | undefined;
    const refresh = (): void => {
      timer = undefined;
      Promise.all([loadState(), loadThread()]).catch(() => undefined);
    };
    const soon = (): void => {
      timer ??= window.setTimeout(refresh, GATHER_MS);
    };
    stream.onopen = () => {
      setConnected(true);
      soon();
    };
    stream.onerror = () => setConnected(false);
    stream.onmessage = soon;
    return () => {
      stream.close();
      window.clearTimeout(timer);
    };
  }, [loadState, loadThread]);

  return { state, person, thread: loaded !== null && loaded.personId === personId ? loaded.thread : null, connected };
}
