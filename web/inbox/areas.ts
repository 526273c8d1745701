import { collectAreas, type AreaDefinition } from './logic/areas.js';

/** Every area, found by its folder. */
export const AREAS = collectAreas(
  import.meta.glob<AreaDefinition>('./scenes/*/area.tsx', { eager: true, import: 'area' }),
);
