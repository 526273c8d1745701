import type { InboundEvent } from '../types.js';
import { attachment, readAttachments } from './attachments.js';
import { id, integer, millis, present, record, records, text, type Json } from './fields.js';
import { referralContext } from './referral.js';
import { appName, isForeignApp, unsupported, type Scene } from './scene.js';

/** `message`: from the contact, or an echo of what the Page's side sent, or word that one was taken back. */
export function readMessage(body: Json, scene: Scene): InboundEvent[] {
  const mid = id(body.mid);
  if (body.is_deleted === true) {
    return mid === null
      ? unsupported('A deletion that names no message')
      : [{ type: 'unsend', targetId: mid, occurredAt: scene.at }];
  }
  const content = { ...readContent(body, scene), externalId: mid ?? scene.dedupeKey, occurredAt: scene.at };
  if (scene.fromPage) return [readEcho(body, content, scene)];
  return [
    {
      type: 'message',
      ...content,
      payload: text(record(body.quick_reply)?.payload),
      replyToId: id(record(body.reply_to)?.mid),
      context: readContext(body),
      standby: scene.standby,
    },
  ];
}

/** A message with neither text nor attachments holds something that Meta does not hand out: it gets a placeholder. */
function readContent(body: Json, scene: Scene) {
  const words = text(body.text);
  const attachments = readAttachments(body.attachments, scene.env.META_ATTACHMENT_HOSTS);
  return {
    text: words,
    attachments: words === null && attachments.length === 0 ? [attachment('unsupported')] : attachments,
  };
}

function readEcho(
  body: Json,
  content: ReturnType<typeof readContent> & { externalId: string; occurredAt: number },
  scene: Scene,
): InboundEvent {
  const appId = id(body.app_id);
  return {
    type: 'echo',
    ...content,
    metadata: text(body.metadata),
    origin: isForeignApp(appId, scene.env) ? 'foreign' : 'own',
    senderName: appName(appId),
    standby: scene.standby,
  };
}

function readContext(body: Json): Record<string, string> {
  const commands = records(body.commands)
    .map((command) => text(command.name))
    .filter((name) => name !== null);
  const locale = text(records(record(body.nlp)?.detected_locales)[0]?.locale);
  return {
    ...referralContext(body.referral),
    ...present({ Command: commands.length > 0 ? commands.join(', ') : null, Language: locale }),
  };
}

/** `postback`: a tapped button, the menu, or Get Started. In standby it has no payload. */
export function readPostback(body: Json, scene: Scene): InboundEvent[] {
  const payload = text(body.payload);
  return [
    {
      type: 'postback',
      externalId: id(body.mid) ?? scene.dedupeKey,
      occurredAt: scene.at,
      title: text(body.title) ?? payload ?? 'Button',
      payload,
      context: referralContext(body.referral),
      standby: scene.standby,
    },
  ];
}

/** `delivery`: `mids` is optional, `watermark` always there; without one the event's own time stands in, which comes later. */
export function readDelivery(body: Json, scene: Scene): InboundEvent[] {
  const mids = Array.isArray(body.mids) ? body.mids.map(id).filter((mid) => mid !== null) : [];
  const watermark = millis(body.watermark) ?? (mids.length === 0 ? 0 : scene.at);
  if (watermark === 0) return unsupported('A delivery without watermark');
  return [{ type: 'delivery', externalIds: mids, watermark }];
}

/** `read`: everything sent up to the watermark. */
export function readRead(body: Json): InboundEvent[] {
  const watermark = millis(body.watermark);
  return watermark === null ? unsupported('A read receipt without watermark') : [{ type: 'read', watermark }];
}

const REACTION_EMOJI = new Map([
  ['smile', '😆'],
  ['angry', '😠'],
  ['sad', '😢'],
  ['wow', '😮'],
  ['love', '❤️'],
  ['like', '👍'],
  ['dislike', '👎'],
]);

/** `reaction`: `emoji` is the sign itself, `reaction` its name. */
export function readReaction(body: Json, scene: Scene): InboundEvent[] {
  const mid = id(body.mid);
  const action = text(body.action);
  if (mid === null || (action !== 'react' && action !== 'unreact')) return unsupported('An incomplete reaction');
  const emoji = text(body.emoji) ?? REACTION_EMOJI.get(text(body.reaction) ?? '') ?? '❔';
  return [{ type: 'reaction', action, emoji, targetId: mid, occurredAt: scene.at }];
}

/** `message_edit`: the new text and how often it was edited (1 to 5, perhaps quoted). */
export function readEdit(body: Json, scene: Scene): InboundEvent[] {
  const mid = id(body.mid);
  const editNumber = integer(body.num_edit);
  if (mid === null || editNumber === null || typeof body.text !== 'string') return unsupported('An incomplete edit');
  return [{ type: 'edit', text: body.text, editNumber, targetId: mid, occurredAt: scene.at }];
}
