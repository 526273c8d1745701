import { isOnHost } from '../../src/utils/fetch-file.js';
import type { InboundAttachment } from '../types.js';
import { id, millis, present, record, records, text, webUrl, type Json } from './fields.js';

/** Attachment types whose bytes are worth a copy, and what we call them. */
const MEDIA = new Map<string, InboundAttachment['kind']>([
  ['image', 'image'],
  ['video', 'video'],
  ['audio', 'audio'],
  ['file', 'file'],
  ['sticker', 'sticker'],
]);
const SHARES = new Map([
  ['reel', 'Reel'],
  ['ig_reel', 'Instagram reel'],
  ['post', 'Post'],
  ['ig_post', 'Instagram post'],
  ['fallback', null],
]);

/**
 * Attachments of a message (webhook reference `messages`). Bytes of shares are fetched only from the platform's own `hosts`;
 * a share of a website stays a link.
 */
export function readAttachments(value: unknown, hosts: string[]): InboundAttachment[] {
  return withoutStickerTwins(records(value)).flatMap((item) => readAttachment(item, hosts));
}

/** Until 30 August 2026 a sticker comes twice, as `image` and as `sticker`. */
function withoutStickerTwins(items: Json[]): Json[] {
  const stickers = items.filter((item) => item.type === 'sticker').map((item) => record(item.payload) ?? {});
  return items.filter((item) => {
    const payload = record(item.payload) ?? {};
    const isTwin = (sticker: Json) =>
      (id(payload.sticker_id) !== null && id(payload.sticker_id) === id(sticker.sticker_id)) ||
      (text(payload.url) !== null && text(payload.url) === text(sticker.url));
    return item.type !== 'image' || !stickers.some(isTwin);
  });
}

function readAttachment(item: Json, hosts: string[]): InboundAttachment[] {
  const type = text(item.type) ?? 'unknown';
  const payload = record(item.payload) ?? {};
  const media = MEDIA.get(type);
  if (media !== undefined) {
    const kind = id(payload.sticker_id) === null ? media : 'sticker';
    return [attachment(kind, { sourceUrl: webUrl(payload.url), title: text(item.title) })];
  }
  if (SHARES.has(type)) return [readShare(item, payload, SHARES.get(type) ?? null, hosts)];
  if (type === 'location') return [readLocation(item, payload)];
  if (type === 'template') return readTemplate(item, payload);
  if (type === 'appointment_booking') return [readAppointment(payload)];
  return [attachment('unsupported', { title: text(item.title), details: details({ Type: type }) })];
}

function readShare(item: Json, payload: Json, name: string | null, hosts: string[]): InboundAttachment {
  const link = webUrl(payload.url) ?? webUrl(item.url);
  const title = text(payload.title) ?? text(item.title) ?? name;
  if (link === null) return attachment('unsupported', { title: title ?? 'Shared content' });
  return attachment('link', { sourceUrl: isOnHost(new URL(link), hosts) ? link : null, title, link });
}

function readLocation(item: Json, payload: Json): InboundAttachment {
  const place = record(payload.coordinates) ?? {};
  return attachment('location', {
    title: text(item.title),
    link: webUrl(item.url) ?? webUrl(payload.url),
    details: details({ Latitude: id(place.lat), Longitude: id(place.long) }),
  });
}

/** One attachment per product or card, else one for the whole template. */
function readTemplate(item: Json, payload: Json): InboundAttachment[] {
  const elements = [...records(record(payload.product)?.elements), ...records(payload.elements)];
  if (elements.length > 0) return elements.map(readElement);
  return [
    attachment('template', {
      title: text(payload.text) ?? text(item.title),
      link: webUrl(payload.url) ?? webUrl(item.url),
      details: [...details({ Template: text(payload.template_type) }), ...buttons(payload)],
    }),
  ];
}

function readElement(element: Json): InboundAttachment {
  return attachment('template', {
    sourceUrl: webUrl(element.image_url),
    title: text(element.title),
    link: webUrl(record(element.default_action)?.url) ?? webUrl(element.url),
    details: [
      ...details({
        Description: text(element.subtitle),
        Product: id(element.id),
        'Article number': id(element.retailer_id),
      }),
      ...buttons(element),
    ],
  });
}

function buttons(holder: Json): InboundAttachment['details'] {
  return records(holder.buttons).flatMap((button) => details({ Button: text(button.title) }));
}

function readAppointment(payload: Json): InboundAttachment {
  const zone = text(payload.timezone) ?? 'UTC';
  return attachment('appointment', {
    title: 'Appointment',
    details: details({
      Status: text(payload.status),
      Start: localTime(payload.start_time, zone),
      End: localTime(payload.end_time, zone),
      'Time zone': text(payload.timezone),
      Booking: id(payload.booking_id),
    }),
  });
}

function localTime(value: unknown, timeZone: string): string | null {
  const time = millis(value);
  if (time === null) return null;
  try {
    return new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(time);
  } catch {
    return new Date(time).toISOString();
  }
}

function details(pairs: Record<string, string | null>): InboundAttachment['details'] {
  return Object.entries(present(pairs)).map(([label, value]) => ({ label, value }));
}

/** An attachment of which only this is known. */
export function attachment(
  kind: InboundAttachment['kind'],
  known: Partial<Omit<InboundAttachment, 'kind'>> = {},
): InboundAttachment {
  return { kind, sourceUrl: null, title: null, link: null, details: [], ...known };
}
