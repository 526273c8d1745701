import { z } from 'zod';
import type { Person } from '../types.js';
import { graphError, invalid } from './errors.js';
import { pageOf, type GraphAnswer, type GraphRequest } from './request.js';

/** How long an app keeps a thread, in seconds, as `thread_owner` tells it. */
const OWNERSHIP_SECONDS = 86_400;

const idOf = z.union([z.string(), z.number()]).transform(String);

function personOf(request: GraphRequest): Person {
  const page = pageOf(request);
  const { recipient } = request.params;
  const parsed = z.union([idOf, z.object({ id: idOf }).transform(({ id }) => id)]).safeParse(recipient);
  if (!parsed.success) throw invalid('Parameter recipient must name an id.');
  const person = request.world.ledger.people.get(parsed.data);
  if (person?.pageId !== page.id) throw graphError(100, 2018001);
  return person;
}

/** GET /{page}/thread_owner. An idle thread is our app's. */
export function threadOwner(request: GraphRequest): GraphAnswer {
  const person = personOf(request);
  const { app, now } = request.world;
  const owner = { app_id: person.threadOwner ?? app.id, expiration: Math.floor(now() / 1000) + OWNERSHIP_SECONDS };
  return { body: { data: [{ thread_owner: owner }] } };
}

/** Our app gives the thread to another; nobody tells us of our own act. */
export function passThread(request: GraphRequest): GraphAnswer {
  const person = personOf(request);
  const target = idOf.safeParse(request.params.target_app_id);
  if (!target.success) throw invalid('Parameter target_app_id is required.');
  request.world.page.setThreadOwner(person, target.data, null);
  return { body: { success: true } };
}

export function takeThread(request: GraphRequest): GraphAnswer {
  request.world.page.setThreadOwner(personOf(request), request.world.app.id, null);
  return { body: { success: true } };
}

export function releaseThread(request: GraphRequest): GraphAnswer {
  request.world.page.setThreadOwner(personOf(request), null, null);
  return { body: { success: true } };
}

/** Asks the owner for the thread; whoever plays the owner decides. */
export function requestThread(request: GraphRequest): GraphAnswer {
  personOf(request);
  return { body: { success: true } };
}
