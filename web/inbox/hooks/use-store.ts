import { useSyncExternalStore } from 'react';
import type { Store } from '../stores/store.js';

/** The current value of a store; draws again when it changes. */
export const useStore = <T>(store: Store<T>): T => useSyncExternalStore(store.subscribe, store.get);
