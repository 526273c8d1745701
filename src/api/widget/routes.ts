import { z } from 'zod';
import { endVisitorSession } from '../../commands/end-visitor-tokens.js';
import { openVisitorSession } from '../../commands/open-visitor-session.js';
import { presentForCustomer } from '../../presenters/customer-conversation.js';
import { visitorConversation } from '../../reads/catch-up.js';
import type { LimitPolicy } from '../../storage/rate-limits.js';
import { visitedPage } from '../../utils/page-address.js';
import { defineRoute, type Route } from '../route.js';
import { customerConversationDto, email } from '../schemas.js';

const identity = z.strictObject({
  id: z.string().min(1).max(200),
  name: z.string().trim().min(1).max(100).exactOptional(),
  email: email.exactOptional(),
  hash: z.string().regex(/^[0-9a-f]{64}$/i, 'must be 64 hex digits: HMAC-SHA256 of the id'),
});

const ATTRIBUTE_VALUE = 'must be a text of at most 200 characters';

/** Sessions opened or taken up from one address, often that of several people. */
const VISITOR_SESSIONS: LimitPolicy = { name: 'visitor-sessions', points: 100, seconds: 15 * 60 };

/** What a site says about its visitor, for the contact panel; claims, never used to decide anything. */
const attributes = z
  .record(z.string().min(1).max(40), z.string(ATTRIBUTE_VALUE).max(200, ATTRIBUTE_VALUE), {
    error: ({ code }) => (code === 'invalid_key' ? 'a name has 1 to 40 characters' : 'must be names with texts'),
  })
  .refine((given) => Object.keys(given).length <= 20, { message: 'at most 20 at once' });

/** The visitor side over HTTP (SPEC 3.3). */
export const routes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/widget/session',
    access: 'public',
    summary: 'Open or take up a visitor session of an inbox',
    input: {
      body: z.strictObject({
        inboxKey: z.string().min(1).max(100),
        token: z.string().max(2_000).exactOptional(),
        identity: identity.exactOptional(),
        attributes: attributes.exactOptional(),
        page: visitedPage.exactOptional(),
      }),
    },
    output: z.strictObject({
      token: z.string(),
      contactId: z.string(),
      inbox: z.strictObject({ id: z.string(), name: z.string() }),
      conversation: customerConversationDto.nullable(),
    }),
    rateLimit: VISITOR_SESSIONS,
    handle: async ({ hub, limits, input, request }) => {
      const { origin, address } = request;
      const session = await openVisitorSession(hub, { ...input.body, origin, from: { limits, address } });
      const conversation = await visitorConversation(session.identity._id.toString());
      return {
        token: session.token,
        contactId: session.identity.contact.toString(),
        inbox: { id: session.inbox._id.toString(), name: session.inbox.name },
        conversation: conversation === null ? null : await presentForCustomer(conversation),
      };
    },
  }),
  defineRoute({
    method: 'delete',
    path: '/widget/session',
    access: 'visitor',
    ability: 'visit.end',
    summary: 'Log the visitor out: end every token of theirs and every socket that came with one',
    input: {},
    output: z.null(),
    handle: async ({ hub, actor }) => {
      await endVisitorSession(hub, actor);
      return null;
    },
  }),
];
