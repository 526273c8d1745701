import type { QueryFilter } from 'mongoose';
import { validationError } from '../errors.js';
import { viewFilter } from '../models/conversation-views.js';
import { InboxModel, TallyModel, TeamModel, type Conversation, type Tally } from '../models/index.js';
import { AccessDenied } from '../policies/authorize.js';
import type { StaffActor } from '../policies/index.js';
import { placesOf, placeViewOf } from '../shared/conversation-rights.js';
import { CONVERSATION_STATUSES, isActive } from '../shared/conversation-status.js';
import type { ListFilter } from '../shared/list-filter.js';
import { LIST_FILTERS } from '../shared/list-filters/index.js';
import type { ListView, ViewCounts } from '../shared/schemas/view.js';
import { onStore } from '../storage/in-transaction.js';

/** Queues whose unassigned are counted for one reader. */
const MOST_COUNTED = 50;

/**
 * What a list view shows to a reader, as one index range; what narrows it has indexes of its own.
 * @throws AccessDenied when they may not open it; AppError 400 when it names no place.
 */
export function filterOfView(actor: StaffActor, view: ListView): QueryFilter<Conversation> {
  const named = placeViewOf(view);
  if (named === null) throw validationError([{ field: 'view', message: 'names neither an inbox nor a team' }]);
  const places = placesOf(actor, named);
  if (places !== null) return { ...viewFilter(places, view.done !== true), ...narrowing(view) };
  const subject = 'teamId' in named ? `team:${named.teamId}` : 'inboxId' in named ? `inbox:${named.inboxId}` : null;
  throw new AccessDenied('conversation.view', subject);
}

function narrowing(view: Readonly<Record<string, unknown>>): QueryFilter<Conversation> {
  const filters = Object.entries<ListFilter>(LIST_FILTERS).filter(([name]) => view[name] !== undefined);
  return Object.fromEntries(filters.map(([name, { stored }]) => [stored, view[name]]));
}

const ACTIVE = CONVERSATION_STATUSES.filter(isActive);

/** How many active conversations wait for the reader, from the tallies: they grow with inboxes, teams and people, not with work. */
export async function countViews(actor: StaffActor): Promise<ViewCounts> {
  const [inboxIds, teamIds] = await queuesOf(actor);
  const status = { $in: ACTIVE };
  const [own, waiting] = await onStore(
    Promise.all([
      TallyModel.find({ holder: actor.userId, status }, 'count').lean().exec(),
      TallyModel.find({
        holder: null,
        status,
        $or: [{ inbox: { $in: inboxIds }, team: null }, { team: { $in: teamIds } }],
      })
        .lean()
        .exec(),
    ]),
  );
  const sum = (rows: Pick<Tally, 'count'>[]): number => rows.reduce((total, { count }) => total + count, 0);
  const of = (ids: string[], key: 'inbox' | 'team') =>
    Object.fromEntries(
      ids.map((id) => [id, sum(waiting.filter((row) => String(row[key]) === id && (key === 'team' || !row.team)))]),
    );
  return { mine: sum(own), unassigned: of(inboxIds, 'inbox'), unassignedOfTeams: of(teamIds, 'team') };
}

async function queuesOf({ scope, inboxIds, teamIds }: StaffActor): Promise<[inboxes: string[], teams: string[]]> {
  if (scope !== 'all') return [inboxIds.slice(0, MOST_COUNTED), teamIds.slice(0, MOST_COUNTED)];
  const [inboxes, teams] = await onStore(
    Promise.all([
      InboxModel.find({}, '_id').limit(MOST_COUNTED).lean().exec(),
      TeamModel.find({}, '_id').limit(MOST_COUNTED).lean().exec(),
    ]),
  );
  return [inboxes.map((inbox) => String(inbox._id)), teams.map((team) => String(team._id))];
}
