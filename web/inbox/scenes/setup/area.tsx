import { lazy } from 'react';
import type { AreaDefinition } from '../../logic/areas.js';

const SetupScene = lazy(() => import('./SetupScene.js'));

/** The first administrator of a fresh installation. */
export const area: AreaDefinition = {
  id: 'setup',
  access: 'public',
  routes: [{ path: '/setup', element: <SetupScene /> }],
};
