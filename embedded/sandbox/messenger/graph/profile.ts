import { graphError } from './errors.js';
import { parseFields, pick } from './fields.js';
import { authorise, type GraphAnswer, type GraphRequest } from './request.js';

/** GET /{psid}: known only to a Page that the person has written to (MESSENGER 6, User profile). */
export function userProfile(request: GraphRequest): GraphAnswer {
  const page = authorise(request);
  const { world, node, params } = request;
  const person = world.ledger.people.get(node);
  if (person?.pageId !== page.id) {
    throw graphError(100, 33, { message: `Object with id "${node}" is not visible to this token.` });
  }
  if (person.lastMessageAt === null) throw graphError(100, 2018218);
  const asked = parseFields(typeof params.fields === 'string' ? params.fields : 'first_name,last_name,profile_pic');
  const picked = pick(person, asked, {
    id: ({ id }) => id,
    first_name: ({ firstName }) => firstName,
    last_name: ({ lastName }) => lastName,
    name: ({ firstName, lastName }) => `${firstName} ${lastName}`,
    profile_pic: ({ id }) => `${world.baseUrl()}/avatars/${id}.png`,
    locale: () => 'en_GB',
    timezone: () => 0,
  });
  return { body: { ...picked, id: person.id } };
}
