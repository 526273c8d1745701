import type { Message, Page, Person } from '../types.js';
import type { World } from '../world.js';
import { invalid } from './errors.js';
import { parseFields, pick, type FieldRequest } from './fields.js';
import { pageOf, type GraphAnswer, type GraphRequest } from './request.js';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;

/** Time in the Graph API's form: ISO with whole seconds and `+0000`. */
function graphTime(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}+0000`;
}

const participant = (id: string, name: string): Record<string, string> => ({ name, email: `${id}@facebook.com`, id });
const personName = ({ firstName, lastName }: Person): string => `${firstName} ${lastName}`;

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? DEFAULT_LIMIT : Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw invalid('limit must be a positive number.');
  return Math.min(limit, MAX_LIMIT);
}

/** GET /{page}/conversations: the look-up that settles a send whose outcome is unknown (MESSENGER 4). Newest first. */
export function conversations(request: GraphRequest): GraphAnswer {
  const page = pageOf(request);
  const { ledger } = request.world;
  const { platform = 'messenger', user_id: userId, fields = 'id,updated_time', limit } = request.params;
  if (platform !== 'messenger') throw invalid('platform must be messenger here.');
  const asked = parseFields(typeof fields === 'string' ? fields : '');
  const people = [...ledger.people.values()]
    .filter((person) => person.pageId === page.id && (userId === undefined || person.id === String(userId)))
    .filter((person) => ledger.thread(person.id).length > 0)
    .sort((one, other) => lastAt(request.world, other) - lastAt(request.world, one));
  const data = people
    .slice(0, limitOf(limit === undefined ? undefined : String(limit)))
    .map((person) => ({ id: threadId(person), ...pick(person, asked, conversationGetters(request.world, page)) }));
  return { body: { data } };
}

const threadId = ({ id }: Person): string => `t_${id}`;

const lastAt = ({ ledger }: World, { id }: Person): number => ledger.thread(id).at(-1)?.at ?? 0;

function conversationGetters(
  world: World,
  page: Page,
): Record<string, (person: Person, field: FieldRequest) => unknown> {
  return {
    id: threadId,
    updated_time: (person) => graphTime(lastAt(world, person)),
    message_count: ({ id }) => world.ledger.thread(id).length,
    participants: (person) => ({
      data: [participant(person.id, personName(person)), participant(page.id, page.name)],
    }),
    messages: (person, { args, fields }) => {
      const asked = fields.length === 0 ? parseFields('id,created_time') : fields;
      const messages = world.ledger.thread(person.id).filter(({ unsent }) => !unsent);
      const newest = messages.slice(-limitOf(args.limit)).reverse();
      return { data: newest.map((message) => pick(message, asked, messageGetters(world, page, person))) };
    },
  };
}

function messageGetters(world: World, page: Page, person: Person): Record<string, (message: Message) => unknown> {
  const pageSide = participant(page.id, page.name);
  const personSide = participant(person.id, personName(person));
  return {
    id: ({ mid }) => mid,
    created_time: ({ at }) => graphTime(at),
    from: ({ direction }) => (direction === 'out' ? pageSide : personSide),
    to: ({ direction }) => ({ data: [direction === 'out' ? personSide : pageSide] }),
    message: ({ text }) => text ?? '',
    attachments: ({ attachments }) => {
      const files = attachments.flatMap(({ file, payload }) => (file === undefined ? [] : [{ file, payload }]));
      if (files.length === 0) return undefined;
      return {
        data: files.map(({ file, payload }) => ({
          id: file.id,
          mime_type: file.mimeType,
          name: file.name,
          size: file.size,
          file_url: `${world.baseUrl()}${String(payload?.url)}`,
        })),
      };
    },
  };
}
