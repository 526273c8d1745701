// Written by `npm run indexes` from the files beside it.
import { label } from './label.js';

/** What list views may be narrowed by; the names are those in requests and addresses. */
export const LIST_FILTERS = { label };
