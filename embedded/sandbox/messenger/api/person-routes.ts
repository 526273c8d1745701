import type Router from '@koa/router';
import { PAGE_INBOX_APP_ID } from '../ids.js';
import { stickerPng } from '../png.js';
import { urlOf } from '../files.js';
import { fieldOf } from '../events.js';
import type { Attachment, Person } from '../types.js';
import type { World } from '../world.js';
import { ApiError, inputOf, personOf } from './endpoint.js';
import * as schema from './schema.js';

/** Sticker id as the platform numbers them. */
const STICKER_ID = 4_417_820_936_651_207;

const EMOJI = {
  smile: '😆',
  angry: '😠',
  sad: '😢',
  wow: '😮',
  love: '❤️',
  like: '👍',
  dislike: '👎',
  other: '❔',
} as const;

type AttachmentInput = schema.PersonMessageInput['attachments'][number];

/** What people and the Page's own inbox do. Every route answers the person's new state or message. */
export function personRoutes(router: Router, world: World): void {
  const { people, ledger } = world;

  router.post('/people', (ctx) => {
    const { pageId = firstPage(world), firstName, lastName, id } = inputOf(ctx, schema.newPerson);
    ctx.status = 201;
    ctx.body = people.create(pageId, firstName, lastName, id);
  });

  router.post('/people/:id/messages', async (ctx) => {
    const person = personOf(world, ctx);
    const { text, attachments, replyTo, quickReply, extras } = inputOf(ctx, schema.personMessage);
    const resolved = await attachmentsOf(world, attachments);
    const quick = quickReply === undefined ? {} : { quick_reply: quickReply };
    const content = { text: text ?? null, attachments: resolved, replyTo: replyTo ?? null };
    ctx.status = 201;
    ctx.body = people.send(person, { ...content, extras: { ...quick, ...extras } });
  });

  router.post('/people/:id/postbacks', (ctx) => {
    ctx.status = 201;
    ctx.body = people.postback(personOf(world, ctx), inputOf(ctx, schema.postback));
  });

  act('referrals', schema.referral, (person, input) => people.referral(person, input));
  act('edits', schema.edit, (person, { mid, text }) => people.edit(person, mid, text));
  act('unsends', schema.unsend, (person, { mid }) => people.unsend(person, mid));
  act('read', schema.nothing, (person) => people.read(person));
  act('delivered', schema.nothing, (person) => people.deliver(person));
  act('typing', schema.typing, (person, { on }) => people.typing.set(person.id, on, world.now()));
  act('clock', schema.clock, (person, { hours }) => people.shiftClock(person, hours));
  act('reactions', schema.reaction, (person, { mid, reaction, emoji }) =>
    people.react(person, mid, reaction === null ? null : { reaction, emoji: emoji ?? EMOJI[reaction] }),
  );
  act('events', schema.rawEvent, (person, { event }) => {
    const ids = { sender: { id: person.id }, recipient: { id: person.pageId }, timestamp: world.now() };
    const body = { ...ids, ...event };
    void world.sender.emit(person.pageId, { field: fieldOf(body), personId: person.id, body });
  });
  act('thread-control', schema.threadControl, (person, input) => moveThread(world, person, input));

  router.post('/people/:id/inbox-replies', async (ctx) => {
    const person = personOf(world, ctx);
    const { text, attachments, appId, metadata } = inputOf(ctx, schema.inboxReply);
    if (text === undefined && attachments.length === 0) throw new ApiError(400, 'a reply has text or an attachment');
    ctx.status = 201;
    ctx.body = await world.page.send(
      person,
      {
        appId: appId === undefined ? PAGE_INBOX_APP_ID : appId,
        text: text ?? null,
        attachments: await attachmentsOf(world, attachments),
        quickReplies: [],
        replyTo: null,
        metadata: metadata ?? null,
        sentAs: null,
      },
      { answered: Promise.resolve(), echo: undefined },
    );
  });

  /** A route of a person's act that answers the person as they are afterwards. */
  function act<T extends Parameters<typeof inputOf>[1]>(
    name: string,
    input: T,
    run: (person: Person, input: ReturnType<typeof inputOf<T>>) => unknown,
  ): void {
    router.post(`/people/:id/${name}`, (ctx) => {
      const person = personOf(world, ctx);
      run(person, inputOf(ctx, input));
      ctx.body = ledger.people.get(person.id);
    });
  }
}

function firstPage({ ledger }: World): string {
  const page = ledger.pages.values().next().value;
  if (page === undefined) throw new ApiError(409, 'the sandbox has no Page');
  return page.id;
}

async function attachmentsOf(world: World, inputs: readonly AttachmentInput[]): Promise<Attachment[]> {
  const resolved: Attachment[] = [];
  for (const input of inputs) resolved.push(...(await attachmentOf(world, input)));
  return resolved;
}

async function attachmentOf({ files, ledger }: World, input: AttachmentInput): Promise<Attachment[]> {
  if ('wire' in input) return [input.wire as Attachment];
  if ('base64' in input) return [files.attachmentOf(await files.save(Buffer.from(input.base64, 'base64'), input.name))];
  if ('fileId' in input) {
    const file = ledger.files.get(input.fileId);
    if (file === undefined) throw new ApiError(404, `there is no file ${input.fileId}`);
    return [files.attachmentOf(file)];
  }
  if (input.type === 'location') {
    const { title = 'Pinned Location', lat, long } = input;
    const url = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${long}`;
    return [{ title, url, type: 'location', payload: { coordinates: { lat, long } } }];
  }
  const file = await files.save(stickerPng(), 'sticker.png');
  const payload = { url: urlOf(file), sticker_id: STICKER_ID };
  const image = { type: 'image', payload, file };
  const sticker = { type: 'sticker', payload, file };
  return { sticker: [sticker], transition: [image, sticker], legacy: [image] }[input.form];
}

function moveThread(
  world: World,
  person: Person,
  { action, appId = PAGE_INBOX_APP_ID, metadata }: ReturnType<typeof inputOf<typeof schema.threadControl>>,
): void {
  const previous = person.threadOwner;
  switch (action) {
    case 'take':
      return world.page.setThreadOwner(person, appId, {
        take_thread_control: { previous_owner_app_id: previous, new_owner_app_id: appId, metadata },
      });
    case 'pass':
      return world.page.setThreadOwner(person, world.app.id, {
        pass_thread_control: { previous_owner_app_id: previous, new_owner_app_id: world.app.id, metadata },
      });
    case 'request':
      return world.page.setThreadOwner(person, previous, {
        request_thread_control: { requested_owner_app_id: appId, metadata },
      });
  }
}
