import type { AreaDefinition } from '../../logic/areas.js';
import { LoginScene } from './LoginScene.js';

/** The way in. */
export const area: AreaDefinition = {
  id: 'login',
  access: 'public',
  routes: [{ path: '/login', element: <LoginScene /> }],
};
