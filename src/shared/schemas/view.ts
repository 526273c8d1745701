import { z } from 'zod';
import { placeViewOf } from '../conversation-rights.js';
import type { ListFilter } from '../list-filter.js';
import { LIST_FILTERS } from '../list-filters/index.js';
import { VIEW_KINDS } from '../words.js';
import { count, id } from './basics.js';
import { conversationRowDto } from './conversation.js';
import { pageOf, pageQuery } from './paging.js';

const kind = z.enum(VIEW_KINDS);

/** The place of a view: one of the two unless it is `mine`. */
const place = { inboxId: id.optional(), teamId: id.optional() };

type FilterName = keyof typeof LIST_FILTERS;

/** What narrows it; each may be left out. */
const filters = Object.fromEntries(
  Object.entries<ListFilter>(LIST_FILTERS).map(([name, { value }]) => [
    name,
    z.string().regex(value, 'is nothing to filter by').optional(),
  ]),
) as { [K in FilterName]: z.ZodOptional<z.ZodString> };

const namesPlace = (view: Parameters<typeof placeViewOf>[0]): boolean => placeViewOf(view) !== null;

/** A list view; `done` shows resolved and closed conversations instead of active ones. */
export const listView = z
  .strictObject({ kind, ...place, ...filters, done: z.boolean().optional() })
  .refine(namesPlace, { message: 'name an inboxId or a teamId', path: ['inboxId'] });
export type ListView = z.infer<typeof listView>;

/** The same in the query of an address, where everything is text. */
export const listQuery = z
  .strictObject({
    view: kind.default('mine'),
    ...place,
    ...filters,
    done: z.enum(['0', '1']).default('0'),
    ...pageQuery,
  })
  .refine(({ view, inboxId, teamId }) => namesPlace({ kind: view, inboxId, teamId }), {
    message: 'is needed for this view, or a teamId',
    path: ['inboxId'],
  });

/** How many active conversations wait: the reader's own, and what nobody holds, by inbox and by team. Folded, so seconds old. */
export const viewCounts = z.strictObject({
  mine: count,
  unassigned: z.record(z.string(), count),
  unassignedOfTeams: z.record(z.string(), count),
});
export type ViewCounts = z.infer<typeof viewCounts>;

/** One page of a view. */
export const listPage = pageOf(conversationRowDto).extend({ counts: viewCounts });
export type ListPage = z.infer<typeof listPage>;
