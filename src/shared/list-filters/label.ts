import type { ListFilter } from '../list-filter.js';

/** Only conversations that carry this label. */
export const label: ListFilter = {
  stored: 'labels',
  value: /^[0-9a-f]{24}$/,
  matches: ({ labels }, id) => labels.includes(id),
};
