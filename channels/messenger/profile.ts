import { ChannelError, type ChannelFault } from '../errors.js';
import type { ContactProfile } from '../types.js';
import { USER_REF } from './events.js';
import { text, webUrl } from './fields.js';
import { callGraph } from './graph.js';
import type { MessengerContext } from './types.js';

const NOBODY: ContactProfile = { name: null, avatarUrl: null, locale: null };
/** Faults that will pass; any other means that Meta does not tell us this person's name. */
const PASSING: ReadonlySet<ChannelFault> = new Set<ChannelFault>(['retry', 'throttled', 'unauthorised']);

/**
 * Name and picture of a person (User Profile API). The picture's address expires: copy it. A person without a profile, or one
 * that the app may not see, has no name. Throws ChannelError only for what may be different later.
 */
export async function fetchProfile(externalId: string, context: MessengerContext): Promise<ContactProfile> {
  if (externalId.startsWith(USER_REF)) return NOBODY;
  try {
    const query = { fields: 'first_name,last_name,profile_pic' };
    const { body } = await callGraph(
      { method: 'GET', path: encodeURIComponent(externalId), query, effect: 'nothing' },
      context,
    );
    const name = [text(body.first_name), text(body.last_name)].filter((part) => part !== null).join(' ');
    return { name: name === '' ? null : name, avatarUrl: webUrl(body.profile_pic), locale: null };
  } catch (error) {
    if (error instanceof ChannelError && !PASSING.has(error.fault)) return NOBODY;
    throw error;
  }
}
