import type { AreaDefinition } from '../../logic/areas.js';
import { SetupScene } from './SetupScene.js';

/** The first administrator of a fresh installation. */
export const area: AreaDefinition = {
  id: 'setup',
  access: 'public',
  routes: [{ path: '/setup', element: <SetupScene /> }],
};
