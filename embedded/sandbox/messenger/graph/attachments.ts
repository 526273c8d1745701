import { isAxiosError } from 'axios';
import { z } from 'zod';
import { newNumericId } from '../ids.js';
import type { Attachment, Page, StoredFile } from '../types.js';
import type { World } from '../world.js';
import { graphError, invalid } from './errors.js';
import { pageOf, type GraphAnswer, type GraphRequest } from './request.js';

const MIB = 1024 * 1024;
/** Limits of the platform (MESSENGER 4, Attachments). */
const MAX_BYTES = 25 * MIB;
const MAX_IMAGE_URL_BYTES = 8 * MIB;

const fileAttachment = z.object({
  type: z.enum(['audio', 'file', 'image', 'video']),
  payload: z
    .object({
      url: z.string().optional(),
      attachment_id: z.union([z.string(), z.number()]).transform(String).optional(),
      is_reusable: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).optional(),
    })
    .default({}),
});

const button = z.discriminatedUnion('type', [
  z.object({ type: z.literal('web_url'), title: z.string().min(1).max(20), url: z.string().min(1) }).loose(),
  z.object({ type: z.literal('postback'), title: z.string().min(1).max(20), payload: z.string().min(1).max(1000) }),
  z.object({ type: z.literal('phone_number'), title: z.string().min(1).max(20), payload: z.string().min(1) }),
]);

const template = z.object({
  type: z.literal('template'),
  payload: z.discriminatedUnion('template_type', [
    z
      .object({
        template_type: z.literal('button'),
        text: z.string().min(1).max(640),
        buttons: z.array(button).min(1).max(3),
      })
      .loose(),
    z
      .object({
        template_type: z.literal('generic'),
        elements: z
          .array(
            z
              .object({
                title: z.string().min(1).max(80),
                subtitle: z.string().max(80).optional(),
                image_url: z.string().optional(),
                default_action: z.record(z.string(), z.unknown()).optional(),
                buttons: z.array(button).max(3).optional(),
              })
              .refine(
                ({ subtitle, image_url, default_action, buttons }) =>
                  [subtitle, image_url, default_action, buttons].some((part) => part !== undefined),
                'needs more than a title',
              ),
          )
          .min(1)
          .max(10),
      })
      .loose(),
  ]),
});

/** `message.attachment` of a send or an upload. */
export const attachmentSchema = z.union([fileAttachment, template]);

type AttachmentInput = z.infer<typeof attachmentSchema>;
type FileInput = z.infer<typeof fileAttachment>;

/** The attachment of a message, ready to be shown; `attachmentId` when it was to be kept. Throws GraphError. */
export async function resolveAttachment(
  request: GraphRequest,
  page: Page,
  input: AttachmentInput,
): Promise<{ attachment: Attachment; attachmentId: string | null }> {
  if (input.type === 'template') {
    return { attachment: { title: '', url: null, type: 'template', payload: input.payload }, attachmentId: null };
  }
  const { files } = request.world;
  if (input.payload.attachment_id !== undefined) {
    const file = uploaded(request.world, page, input.payload.attachment_id);
    return { attachment: files.attachmentOf(checkType(file, input.type), input.type), attachmentId: null };
  }
  const file = await storedFile(request, input);
  const attachmentId = input.payload.is_reusable === true ? remember(request.world, page, file) : null;
  return { attachment: files.attachmentOf(file, input.type), attachmentId };
}

/** POST /{page}/message_attachments: keeps a file for later sends. */
export async function uploadAttachment(request: GraphRequest): Promise<GraphAnswer> {
  const page = pageOf(request);
  const parsed = z.object({ attachment: fileAttachment }).safeParse(request.params.message);
  if (!parsed.success) throw invalid('Parameter message[attachment] must name a type and a payload.');
  const file = await storedFile(request, parsed.data.attachment);
  return { body: { attachment_id: remember(request.world, page, file) } };
}

function uploaded(world: World, page: Page, attachmentId: string): StoredFile {
  const upload = world.ledger.uploads.get(attachmentId);
  const file = upload?.pageId === page.id ? world.ledger.files.get(upload.fileId) : undefined;
  if (file === undefined) throw invalid('No attachment matches this attachment_id.');
  return file;
}

function remember({ ledger }: World, page: Page, file: StoredFile): string {
  const attachmentId = newNumericId();
  ledger.write({ type: 'upload', attachmentId, pageId: page.id, fileId: file.id });
  return attachmentId;
}

async function storedFile(request: GraphRequest, { type, payload }: FileInput): Promise<StoredFile> {
  const source =
    request.file ?? (payload.url === undefined ? null : await fetched(request.world, payload.url, type === 'image'));
  if (source === null) throw invalid('The attachment needs a url, an attachment_id or a part named filedata.');
  if (source.bytes.length > MAX_BYTES) throw graphError(100, 2018109);
  if (source.bytes.length === 0) throw graphError(100, 2018047);
  return checkType(await request.world.files.save(source.bytes, source.name), type);
}

/** Anything may travel as a file; the other types must be what they say. */
function checkType(file: StoredFile, type: FileInput['type']): StoredFile {
  const isVoice = type === 'audio' && file.mimeType === 'video/mp4';
  if (type !== 'file' && file.kind !== type && !isVoice) throw graphError(100, 2018047);
  return file;
}

async function fetched(world: World, url: string, isImage: boolean): Promise<{ name: string; bytes: Buffer }> {
  try {
    const answer = await world.http.get<Buffer>(url, {
      maxContentLength: isImage ? MAX_IMAGE_URL_BYTES : MAX_BYTES,
      maxRedirects: 3,
      timeout: 30_000,
    });
    if (answer.status !== 200) throw graphError(100, 2018008);
    return { name: decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? ''), bytes: answer.data };
  } catch (error) {
    if (isAxiosError(error) || error instanceof TypeError || error instanceof URIError) throw graphError(100, 2018008);
    throw error;
  }
}
