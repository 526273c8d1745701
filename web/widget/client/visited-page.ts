import type { VisitedPage } from '../../../src/shared/schemas/visitor.js';

/** The page of this moment, within the server's limits; it cuts what is nobody's business. */
export const visitedPage = (): VisitedPage => ({
  url: location.href.slice(0, 2_000),
  title: document.title.slice(0, 500),
  referrer: document.referrer,
});
