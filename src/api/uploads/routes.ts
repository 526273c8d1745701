import { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import type { Context } from 'koa';
import { z } from 'zod';
import type { Hub } from '../../hub.js';
import { storeUpload } from '../../commands/files/store-upload.js';
import { assertOrigin } from '../../commands/inboxes/widget-inbox.js';
import { notFound, unsupportedMediaType } from '../../errors.js';
import { inboxById } from '../../models/cached-inboxes.js';
import { actorKey, type Actor } from '../../policies/index.js';
import { presentAttachment } from '../../presenters/attachment.js';
import { uploaded, type Uploaded } from '../../shared/schemas/attachment.js';
import { onStore } from '../../storage/in-transaction.js';
import type { LimitPolicy } from '../../storage/rate-limits.js';
import { defineRoute, type Route } from '../route.js';
import { countStaffUpload, countVisitorUpload } from './quota.js';
import { receiveFile } from './receive-file.js';

/** Files per member of the team. */
const STAFF_UPLOADS: LimitPolicy = { name: 'uploads', points: 300, seconds: 15 * 60 };
/** Files per address of visitors, whatever becomes of them. */
const VISITOR_UPLOADS: LimitPolicy = { name: 'visitor-uploads', points: 60, seconds: 15 * 60 };

/** The form stays unread until the handler knows that it is wanted and where temporary files go. */
const form = z.strictObject({
  file: z.instanceof(IncomingMessage).meta({ type: 'string', format: 'binary', description: 'Exactly one file.' }),
});

async function unreadForm(ctx: Context): Promise<{ file: IncomingMessage }> {
  if (ctx.is('multipart/form-data') !== 'multipart/form-data')
    throw unsupportedMediaType('Send the file as multipart/form-data, in the field "file".');
  return Promise.resolve({ file: ctx.req });
}

async function takeIn(
  hub: Hub,
  actor: Actor,
  request: IncomingMessage,
  admit: (bytes: number) => Promise<void>,
): Promise<Uploaded> {
  const file = await receiveFile(request, join(hub.env.DATA_DIR, 'tmp'));
  const attachment = await storeUpload(hub, { actor, ...file, admit });
  return { attachment: presentAttachment(attachment, { secret: hub.env.JWT_SECRET, now: hub.now() }) };
}

/** Files for messages that are still to be sent (SPEC 5.2). */
export const routes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/uploads',
    access: 'staff',
    ability: 'upload.create',
    summary: 'Upload a file for a message or note',
    input: { body: form },
    output: uploaded,
    status: 201,
    readBody: unreadForm,
    handle: async ({ hub, limits, actor, input }) => {
      await limits.consume(STAFF_UPLOADS, actorKey(actor));
      return takeIn(hub, actor, input.body.file, (bytes) => countStaffUpload({ env: hub.env, limits }, actor, bytes));
    },
  }),
  defineRoute({
    method: 'post',
    path: '/widget/uploads',
    access: 'visitor',
    ability: 'upload.create',
    summary: 'Upload a file for a message of the visitor',
    input: { body: form },
    output: uploaded,
    status: 201,
    rateLimit: VISITOR_UPLOADS,
    readBody: unreadForm,
    handle: async ({ hub, limits, actor, input, request }) => {
      const inbox = await onStore(inboxById(actor.inboxId));
      if (inbox === null || inbox.state === 'disconnected') throw notFound('This chat');
      assertOrigin(hub, inbox, request.origin);
      return takeIn(hub, actor, input.body.file, (bytes) =>
        countVisitorUpload({ env: hub.env, limits }, actor, request.address, bytes),
      );
    },
  }),
];
