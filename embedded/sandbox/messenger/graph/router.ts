import type { Context, Middleware } from 'koa';
import koaBody from 'koa-body';
import type { World } from '../world.js';
import { uploadAttachment } from './attachments.js';
import { conversations } from './conversations.js';
import { GraphError, graphError, invalid } from './errors.js';
import {
  debugToken,
  deleteProfileSettings,
  listSubscriptions,
  readPage,
  readProfileSettings,
  subscribe,
  unsubscribe,
  writeProfileSettings,
} from './page-settings.js';
import { userProfile } from './profile.js';
import { runCall, type Endpoint, type GraphHandler } from './run.js';
import { send } from './send.js';
import { passThread, releaseThread, requestThread, takeThread, threadOwner } from './thread-control.js';

/** Every edge of a Page that the sandbox knows, by method and name. */
const EDGES: Record<string, Endpoint> = {
  'POST messages': { kind: 'send', handler: send },
  'POST message_attachments': { kind: 'upload', handler: uploadAttachment },
  'GET conversations': { kind: 'conversations', handler: conversations },
  'GET subscribed_apps': { kind: 'subscribed_apps', handler: listSubscriptions },
  'POST subscribed_apps': { kind: 'subscribed_apps', handler: subscribe },
  'DELETE subscribed_apps': { kind: 'subscribed_apps', handler: unsubscribe },
  'GET messenger_profile': { kind: 'messenger_profile', handler: readProfileSettings },
  'POST messenger_profile': { kind: 'messenger_profile', handler: writeProfileSettings },
  'DELETE messenger_profile': { kind: 'messenger_profile', handler: deleteProfileSettings },
  'GET thread_owner': { kind: 'thread', handler: threadOwner },
  'POST pass_thread_control': { kind: 'thread', handler: passThread },
  'POST take_thread_control': { kind: 'thread', handler: takeThread },
  'POST release_thread_control': { kind: 'thread', handler: releaseThread },
  'POST request_thread_control': { kind: 'thread', handler: requestThread },
};

const unsupported: GraphHandler = ({ method }) => {
  throw invalid(`Unsupported ${method.toLowerCase()} request: the sandbox does not know this path.`);
};

const MAX_BODY = '1mb';
const MAX_FILE_BYTES = 26 * 1024 * 1024;

/** The Graph API: any path below a version (`/v25.0/…`). */
export function graphApi(world: World, uploadDir: string): Middleware {
  const readBody = koaBody({
    parsedMethods: ['POST', 'DELETE'],
    multipart: true,
    text: false,
    jsonLimit: MAX_BODY,
    formLimit: MAX_BODY,
    formidable: {
      uploadDir,
      maxFileSize: MAX_FILE_BYTES,
      maxTotalFileSize: MAX_FILE_BYTES,
      maxFiles: 1,
      allowEmptyFiles: true,
      minFileSize: 0,
    },
  } as Parameters<typeof koaBody>[0]);

  return async (ctx, next) => {
    const path = /^\/v\d+\.\d+\/([^/]+)(?:\/([^/]+))?\/?$/.exec(ctx.path);
    if (path === null) return next();
    const [, node = '', edge] = path;
    try {
      await readBody(ctx, async () => {
        await runCall(world, ctx, node, endpointOf(world, ctx, node, edge));
      });
    } catch (error) {
      answerBrokenRequest(ctx, error);
    }
  };
}

function endpointOf({ ledger }: World, { method }: Context, node: string, edge: string | undefined): Endpoint {
  if (edge !== undefined) return EDGES[`${method} ${edge}`] ?? { kind: 'unknown', handler: unsupported };
  if (method !== 'GET') return { kind: 'unknown', handler: unsupported };
  if (node === 'debug_token') return { kind: 'debug_token', handler: debugToken };
  if (node === 'me' || ledger.pages.has(node)) return { kind: 'page', handler: readPage };
  return { kind: 'profile', handler: userProfile };
}

/** A body that could not be read is the caller's fault; anything else goes on to the server's error log. */
function answerBrokenRequest(ctx: Context, error: unknown): void {
  const { status, httpCode } = error as { status?: number; httpCode?: number };
  const code = status ?? httpCode ?? 500;
  if (code >= 500 && !(error instanceof GraphError)) throw error;
  const answer =
    error instanceof GraphError
      ? error
      : code === 413
        ? graphError(100, 2018109)
        : invalid('The body could not be read.');
  ctx.status = answer.status;
  ctx.body = answer.payload();
}
