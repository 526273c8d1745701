import { lazy } from 'react';
import type { AreaDefinition } from '../../logic/areas.js';

const LoginScene = lazy(() => import('./LoginScene.js'));

/** The way in. */
export const area: AreaDefinition = {
  id: 'login',
  access: 'public',
  routes: [{ path: '/login', element: <LoginScene /> }],
};
