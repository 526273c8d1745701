import { z } from 'zod';
import { modeOf } from '../rules.js';
import type { Page, Person } from '../types.js';
import { attachmentSchema, resolveAttachment } from './attachments.js';
import { graphError, invalid } from './errors.js';
import { pageOf, type GraphAnswer, type GraphRequest } from './request.js';

/** Longest text, metadata and quick-reply payload; counted in UTF-16 units (MESSENGER 4). */
const MAX_TEXT = 2000;
const MAX_METADATA = 1000;
const HOUR = 3_600_000;
/** How long after the person's last act each kind of message may be sent. */
const STANDARD_WINDOW_MS = 24 * HOUR;
const HUMAN_AGENT_WINDOW_MS = 7 * 24 * HOUR;

const quickReply = z
  .object({
    content_type: z.enum(['text', 'user_phone_number', 'user_email']),
    title: z.string().max(20).optional(),
    payload: z.string().max(1000).optional(),
    image_url: z.string().optional(),
  })
  .refine((reply) => reply.content_type !== 'text' || (reply.title ?? '') !== '', 'title is required');

const messageSchema = z.object({
  text: z.string().optional(),
  attachment: attachmentSchema.optional(),
  quick_replies: z.array(quickReply).max(13).optional(),
  metadata: z.string().max(MAX_METADATA).optional(),
});

const actionSchema = z.object({
  message_id: z.string(),
  reaction: z.string().default('love'),
});

const EMOJI: Record<string, string> = {
  smile: '😆',
  angry: '😠',
  sad: '😢',
  wow: '😮',
  love: '❤',
  like: '👍',
  dislike: '👎',
  other: '❔',
};

/** POST /{page}/messages: a message, or one of the sender actions. */
export function send(request: GraphRequest): Promise<GraphAnswer> | GraphAnswer {
  const page = pageOf(request);
  const person = recipientOf(request, page);
  if (request.params.sender_action === undefined) return sendMessage(request, page, person);
  if (request.params.message !== undefined) throw invalid('A sender_action is sent without a message.');
  return senderAction(request, person);
}

function recipientOf({ world, params }: GraphRequest, page: Page): Person {
  const parsed = z.object({ id: z.union([z.string(), z.number()]).transform(String) }).safeParse(params.recipient);
  if (!parsed.success) throw invalid('Parameter recipient must name an id; other recipients are not simulated.');
  const person = world.ledger.people.get(parsed.data.id);
  if (person?.pageId !== page.id) throw graphError(100, 2018001);
  return person;
}

async function sendMessage(request: GraphRequest, page: Page, person: Person): Promise<GraphAnswer> {
  const { world, params, rules, answered } = request;
  const sentAs = checkPolicy(params, person, world.now());
  const input = messageOf(params.message);
  const replyTo = replyToOf(params.reply_to);
  const resolved = input.attachment === undefined ? null : await resolveAttachment(request, page, input.attachment);
  const message = await world.page.send(
    person,
    {
      appId: world.app.id,
      text: input.text ?? null,
      attachments: resolved === null ? [] : [resolved.attachment],
      quickReplies: input.quick_replies ?? [],
      replyTo,
      metadata: input.metadata ?? null,
      sentAs,
    },
    { answered, echo: modeOf(rules, 'echo') },
  );
  request.accepted(message.mid);
  const saved = resolved?.attachmentId ?? null;
  return {
    body: {
      recipient_id: person.id,
      message_id: message.mid,
      ...(saved === null ? {} : { attachment_id: saved }),
    },
  };
}

/** Checks messaging type, tag and window. Returns what the message was sent as. */
function checkPolicy(params: Record<string, unknown>, person: Person, now: number): string {
  const { messaging_type: type, tag } = params;
  if (type !== 'RESPONSE' && type !== 'UPDATE' && type !== 'MESSAGE_TAG') {
    throw invalid('Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}.');
  }
  if (type === 'MESSAGE_TAG' && tag === undefined) throw invalid('Param tag is required for MESSAGE_TAG.');
  if (type === 'MESSAGE_TAG' && tag !== 'HUMAN_AGENT') throw graphError(100);
  const windowMs = type === 'MESSAGE_TAG' ? HUMAN_AGENT_WINDOW_MS : STANDARD_WINDOW_MS;
  if (person.lastMessageAt === null || now - person.lastMessageAt >= windowMs) throw graphError(10, 2018278);
  return type === 'MESSAGE_TAG' ? `${type}/${tag}` : type;
}

function messageOf(value: unknown): z.infer<typeof messageSchema> {
  if (value === undefined) throw invalid('Parameter message is required.');
  const parsed = messageSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const path = issue?.path.map((part) => `[${String(part)}]`).join('') ?? '';
    throw invalid(`Parameter message${path}: ${issue?.message ?? 'invalid'}.`);
  }
  const { text, attachment } = parsed.data;
  if (text !== undefined && attachment !== undefined) throw invalid('A message has text or an attachment, not both.');
  if (attachment === undefined && (text ?? '').trim() === '') throw invalid('Message cannot be empty.');
  if ((text ?? '').length > MAX_TEXT) {
    throw invalid(`Parameter message[text] is too long, at most ${MAX_TEXT} characters.`);
  }
  return parsed.data;
}

function replyToOf(value: unknown): string | null {
  if (value === undefined) return null;
  const parsed = z.object({ mid: z.string() }).safeParse(value);
  if (!parsed.success) throw invalid('Parameter reply_to must name a mid.');
  return parsed.data.mid;
}

function senderAction({ world, params }: GraphRequest, person: Person): GraphAnswer {
  const action = typeof params.sender_action === 'string' ? params.sender_action.toLowerCase() : '';
  switch (action) {
    case 'typing_on':
    case 'typing_off':
      world.page.typing.set(person.id, action === 'typing_on', world.now());
      break;
    case 'mark_seen':
      world.page.markSeen(person);
      break;
    case 'react':
    case 'unreact':
      pageReaction(params.payload, action, person, world);
      break;
    default:
      throw invalid('Param sender_action must be one of {typing_on, typing_off, mark_seen, react, unreact}.');
  }
  return { body: { recipient_id: person.id } };
}

function pageReaction(
  payload: unknown,
  action: 'react' | 'unreact',
  person: Person,
  { ledger }: GraphRequest['world'],
): void {
  const parsed = actionSchema.safeParse(payload);
  const message = parsed.success ? ledger.messages.get(parsed.data.message_id) : undefined;
  if (!parsed.success || message?.personId !== person.id) throw invalid('No message matches payload[message_id].');
  const { reaction } = parsed.data;
  const page = action === 'react' ? { reaction, emoji: EMOJI[reaction] ?? reaction } : undefined;
  ledger.write({ type: 'message', message: { ...message, reactions: { ...message.reactions, page } } });
}
