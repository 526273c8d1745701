/**
 * How far a role sees (SPEC 3.2): `all`; `inboxes`: everything in one's inboxes; `teams`: the work of one's teams, and of one's
 * inboxes what no team has; `own`: what one holds, and what nobody holds there.
 */
export const READ_SCOPES = ['own', 'teams', 'inboxes', 'all'] as const;
export type ReadScope = (typeof READ_SCOPES)[number];

/** What the rule looks at of somebody who reads. Ids are hex strings. */
export interface Viewer {
  userId: string;
  scope: ReadScope;
  /** Inboxes they are a member of. */
  inboxIds: readonly string[];
  /** Teams they are a member of. */
  teamIds: readonly string[];
}

/** What the rule looks at of a conversation. */
export interface Place {
  inbox: string;
  /** Whose queue it stands in; null: its inbox's. */
  team: string | null;
  /** Who holds it. */
  holder: string | null;
}

/** A conversation's place, from its ids in whatever form they are. */
export const placeOf = (conversation: {
  inbox: { toString(): string };
  team?: { toString(): string } | null | undefined;
  assignee?: { toString(): string } | null | undefined;
}): Place => ({
  inbox: conversation.inbox.toString(),
  team: conversation.team?.toString() ?? null,
  holder: conversation.assignee?.toString() ?? null,
});

/** Whether the queue in which a conversation stands is one of theirs. */
const isInTheirQueue = (viewer: Viewer, { inbox, team }: Place): boolean =>
  team === null ? viewer.inboxIds.includes(inbox) : viewer.teamIds.includes(team);

/** Whether it waits in a queue from which they may take it. */
export const mayTake = (viewer: Viewer, place: Place): boolean =>
  place.holder === null &&
  (viewer.scope === 'all' ||
    (viewer.scope === 'inboxes' && viewer.inboxIds.includes(place.inbox)) ||
    isInTheirQueue(viewer, place));

/** Whether all of it is theirs to direct, whoever holds it: what a supervisor or an admin has and an agent has not. */
export const leads = (viewer: Viewer, place: Place): boolean => {
  switch (viewer.scope) {
    case 'all':
      return true;
    case 'inboxes':
      return viewer.inboxIds.includes(place.inbox) || isInTheirQueue(viewer, place);
    case 'teams':
      return isInTheirQueue(viewer, place);
    case 'own':
      return false;
  }
};

/** The one rule of who sees a conversation: policies, lists, rooms, counts, catch-up and the inbox say no more and no less. */
export const canSee = (viewer: Viewer, place: Place): boolean =>
  place.holder === viewer.userId || mayTake(viewer, place) || leads(viewer, place);

/** Rooms of sockets by what they are told of (DESIGN 8). */
export const ROOMS = {
  agent: (userId: string) => `agent:${userId}`,
  /** Everything of an inbox. */
  inbox: (inboxId: string) => `inbox:${inboxId}`,
  /** What of an inbox no team has. */
  inboxQueue: (inboxId: string) => `inbox:${inboxId}:queue`,
  /** What of that nobody holds. */
  inboxUnassigned: (inboxId: string) => `inbox:${inboxId}:unassigned`,
  team: (teamId: string) => `team:${teamId}`,
  teamUnassigned: (teamId: string) => `team:${teamId}:unassigned`,
  all: 'all',
} as const;

/** Rooms that are told of a conversation: exactly those in which its viewers stand. */
export function roomsOfPlace({ inbox, team, holder }: Place): string[] {
  const queue = team === null ? ROOMS.inboxQueue(inbox) : ROOMS.team(team);
  const waiting = team === null ? ROOMS.inboxUnassigned(inbox) : ROOMS.teamUnassigned(team);
  return [holder === null ? waiting : ROOMS.agent(holder), queue, ROOMS.inbox(inbox), ROOMS.all];
}

/** Rooms in which a viewer stands. */
export function roomsOfViewer({ userId, scope, inboxIds, teamIds }: Viewer): string[] {
  const own = [ROOMS.agent(userId), ...inboxIds.map(ROOMS.inboxUnassigned), ...teamIds.map(ROOMS.teamUnassigned)];
  if (scope === 'own') return own;
  if (scope === 'all') return [ROOMS.agent(userId), ROOMS.all];
  const theirs = [...own, ...inboxIds.map(ROOMS.inboxQueue), ...teamIds.map(ROOMS.team)];
  return scope === 'inboxes' ? [...theirs, ...inboxIds.map(ROOMS.inbox)] : theirs;
}

/** A list of conversations by place; each of them is one index range (PROTOCOLS 4). */
export type PlaceView =
  | { kind: 'mine' }
  /** What nobody holds in the queue of an inbox, or of a team. */
  | { kind: 'unassigned'; inboxId: string }
  | { kind: 'unassigned'; teamId: string }
  /** All of an inbox, or of a team. */
  | { kind: 'inbox'; inboxId: string }
  | { kind: 'team'; teamId: string };

/** A list view as clients name it; null: it names no place. */
export function placeViewOf(view: {
  kind: PlaceView['kind'];
  inboxId?: string | undefined;
  teamId?: string | undefined;
}): PlaceView | null {
  const { kind, inboxId, teamId } = view;
  if (kind === 'mine') return { kind };
  if ((inboxId === undefined) === (teamId === undefined)) return null;
  if (kind === 'unassigned') return inboxId === undefined ? { kind, teamId: teamId ?? '' } : { kind, inboxId };
  if (kind === 'inbox') return inboxId === undefined ? null : { kind, inboxId };
  return teamId === undefined ? null : { kind, teamId };
}

/**
 * Which places a view shows to a viewer: the parts of a place that it fixes.
 * @returns null when the viewer may not open it.
 */
export function placesOf(viewer: Viewer, view: PlaceView): Partial<Place> | null {
  const everything = viewer.scope === 'all';
  if (view.kind === 'mine') return { holder: viewer.userId };
  if ('teamId' in view) {
    const team = { team: view.teamId };
    if (!everything && !viewer.teamIds.includes(view.teamId)) return null;
    if (view.kind === 'unassigned') return { ...team, holder: null };
    return viewer.scope === 'own' ? null : team;
  }
  const inbox = { inbox: view.inboxId };
  if (!everything && !viewer.inboxIds.includes(view.inboxId)) return null;
  if (view.kind === 'unassigned') return { ...inbox, team: null, holder: null };
  if (viewer.scope === 'own') return null;
  return viewer.scope === 'teams' ? { ...inbox, team: null } : inbox;
}

/** Every view a viewer may open, over the inboxes and teams that there are. */
export function viewsOf(viewer: Viewer, inboxIds: readonly string[], teamIds: readonly string[]): PlaceView[] {
  const all: PlaceView[] = [
    { kind: 'mine' },
    ...inboxIds.flatMap((inboxId): PlaceView[] => [
      { kind: 'unassigned', inboxId },
      { kind: 'inbox', inboxId },
    ]),
    ...teamIds.flatMap((teamId): PlaceView[] => [
      { kind: 'unassigned', teamId },
      { kind: 'team', teamId },
    ]),
  ];
  return all.filter((view) => placesOf(viewer, view) !== null);
}
