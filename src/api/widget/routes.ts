import { z } from 'zod';
import { endVisitorSession } from '../../commands/contacts/end-visitor-tokens.js';
import { openVisitorSession } from '../../commands/contacts/open-visitor-session.js';
import { presentForCustomer } from '../../presenters/customer-conversation.js';
import { visitorConversation } from '../../reads/catch-up.js';
import { sessionInput, visitorSession } from '../../shared/schemas/visitor.js';
import type { LimitPolicy } from '../../storage/rate-limits.js';
import { defineRoute, type Route } from '../route.js';

/** Sessions opened or taken up from one address, often that of several people. */
const VISITOR_SESSIONS: LimitPolicy = { name: 'visitor-sessions', points: 100, seconds: 15 * 60 };

/** The visitor side over HTTP (SPEC 3.3). */
export const routes: Route[] = [
  defineRoute({
    method: 'post',
    path: '/widget/session',
    access: 'public',
    summary: 'Open or take up a visitor session of an inbox',
    input: { body: sessionInput },
    output: visitorSession,
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
