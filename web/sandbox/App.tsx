import type { JSX } from 'preact';
import { useCallback, useState } from 'preact/hooks';
import { Drawer } from './components/Drawer.js';
import { PeopleList } from './components/PeopleList.js';
import { Phone } from './components/Phone.js';
import { useLive } from './hooks/use-live.js';

const CHOSEN_KEY = 'sandbox.person';

type Panel = 'people' | 'drawer' | null;

/** The whole page: people on the left, the phone in the middle, switches on the right; on a phone one of them at a time. */
export function App(): JSX.Element {
  const [chosen, setChosen] = useState(() => localStorage.getItem(CHOSEN_KEY));
  const [panel, setPanel] = useState<Panel>(() => (window.innerWidth > 1100 ? 'drawer' : null));
  const [error, setError] = useState<string | null>(null);
  const { state, person, thread, connected } = useLive(chosen);
  const page = state?.pages.find(({ id }) => id === person?.pageId) ?? null;

  const run = useCallback(async (act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
      setError(null);
      return true;
    } catch (fault) {
      setError(fault instanceof Error ? fault.message : 'That did not work.');
      return false;
    }
  }, []);

  const choose = (id: string): void => {
    localStorage.setItem(CHOSEN_KEY, id);
    setChosen(id);
    if (panel === 'people') setPanel(null);
  };

  if (state === null) {
    return (
      <main class="loading" aria-busy="true">
        <p>{connected ? 'Loading the sandbox…' : 'Connecting to the sandbox…'}</p>
      </main>
    );
  }
  return (
    <div class={`layout ${panel === null ? '' : `shows-${panel}`}`}>
      <PeopleList
        state={state}
        connected={connected}
        chosen={person?.id ?? null}
        onChoose={choose}
        onClose={() => setPanel(null)}
        run={run}
      />
      <main class="stage">
        {person === null || page === null ? (
          <p class="empty">There is nobody here yet. Add a person to begin.</p>
        ) : (
          <Phone
            key={person.id}
            person={person}
            page={page}
            thread={thread}
            run={run}
            onPeople={() => setPanel(panel === 'people' ? null : 'people')}
            onDrawer={() => setPanel(panel === 'drawer' ? null : 'drawer')}
            drawerOpen={panel === 'drawer'}
          />
        )}
        {error !== null && (
          <div class="toast" role="alert">
            <span>{error}</span>
            <button type="button" class="text-button" onClick={() => setError(null)}>
              Dismiss
            </button>
          </div>
        )}
      </main>
      {panel === 'drawer' && (
        <Drawer state={state} person={person} page={page} run={run} onClose={() => setPanel(null)} />
      )}
    </div>
  );
}
