import { collectParts, type InboxPart } from './logic/inbox-parts.js';

/** What features add to the inbox, found by their folders. */
export const PARTS = collectParts(import.meta.glob<InboxPart>('./parts/*/part.tsx', { eager: true, import: 'part' }));
