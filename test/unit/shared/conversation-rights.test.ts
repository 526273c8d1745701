import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  canSee,
  leads,
  mayTake,
  placesOf,
  READ_SCOPES,
  roomsOfPlace,
  roomsOfViewer,
  viewsOf,
  type Place,
  type Viewer,
} from '../../../src/shared/conversation-rights.js';

const INBOXES = ['i1', 'i2', 'i3'];
const TEAMS = ['t1', 't2'];
const USERS = ['u1', 'u2', 'u3'];

const viewers = fc.record<Viewer>({
  userId: fc.constantFrom(...USERS),
  scope: fc.constantFrom(...READ_SCOPES),
  inboxIds: fc.subarray(INBOXES),
  teamIds: fc.subarray(TEAMS),
});
const places = fc.record<Place>({
  inbox: fc.constantFrom(...INBOXES),
  team: fc.constantFrom(null, ...TEAMS),
  holder: fc.constantFrom(null, ...USERS),
});

const matches = (place: Place, fixed: Partial<Place>): boolean =>
  Object.entries(fixed).every(([key, value]) => place[key as keyof Place] === value);

describe('who sees a conversation', () => {
  test('the rooms that are told are exactly those of its viewers', () => {
    fc.assert(
      fc.property(viewers, places, (viewer, place) => {
        const told = new Set(roomsOfPlace(place));
        expect(roomsOfViewer(viewer).some((room) => told.has(room))).toBe(canSee(viewer, place));
      }),
      { numRuns: 2_000 },
    );
  });

  test('the lists show together exactly what its viewers see', () => {
    fc.assert(
      fc.property(viewers, places, (viewer, place) => {
        const shown = viewsOf(viewer, INBOXES, TEAMS).some((view) => matches(place, placesOf(viewer, view) ?? {}));
        expect(shown).toBe(canSee(viewer, place));
      }),
      { numRuns: 2_000 },
    );
  });

  test('a wider scope never sees less', () => {
    fc.assert(
      fc.property(viewers, places, (viewer, place) => {
        const sees = READ_SCOPES.map((scope) => canSee({ ...viewer, scope }, place));
        expect(sees).toEqual([...sees].sort((one, other) => Number(one) - Number(other)));
      }),
      { numRuns: 2_000 },
    );
  });

  const TABLE: [what: string, viewer: Partial<Viewer>, place: Partial<Place>, sees: string][] = [
    ['an agent: what they hold, wherever it stands', {}, { inbox: 'i3', team: 't2', holder: 'me' }, 's'],
    ['an agent: what waits in their inbox', {}, {}, 'st'],
    ['an agent: what waits for their team, whatever inbox it came to', {}, { inbox: 'i3', team: 't1' }, 'st'],
    ['an agent: not what waits in their inbox for another team', {}, { team: 't2' }, ''],
    ['an agent: not what a colleague holds', {}, { holder: 'u2' }, ''],
    ['a supervisor: what anybody holds in their team', { scope: 'teams' }, { team: 't1', holder: 'u2' }, 'sl'],
    ['a supervisor: what no team has in their inbox', { scope: 'teams' }, { holder: 'u2' }, 'sl'],
    ['a supervisor: not another team’s work in their inbox', { scope: 'teams' }, { team: 't2', holder: 'u2' }, ''],
    ['by inboxes: another team’s work in their inbox', { scope: 'inboxes' }, { team: 't2', holder: 'u2' }, 'sl'],
    ['by inboxes: nothing of another inbox', { scope: 'inboxes' }, { inbox: 'i2' }, ''],
    ['everything', { scope: 'all', inboxIds: [], teamIds: [] }, { inbox: 'i2', team: 't2', holder: 'u2' }, 'sl'],
  ];

  test.each(TABLE)('%s', (_what, viewer, place, expected) => {
    const who: Viewer = { userId: 'me', scope: 'own', inboxIds: ['i1'], teamIds: ['t1'], ...viewer };
    const where: Place = { inbox: 'i1', team: null, holder: null, ...place };
    const found = [canSee(who, where) ? 's' : '', mayTake(who, where) ? 't' : '', leads(who, where) ? 'l' : ''];
    expect(found.join('')).toBe(expected);
  });
});
