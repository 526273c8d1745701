import { authenticateAccessToken } from '../../commands/access/authenticate.js';
import { endVisitorSession } from '../../commands/contacts/end-visitor-tokens.js';
import { introduceVisitor } from '../../commands/contacts/introduce-visitor.js';
import { logIn } from '../../commands/access/log-in.js';
import { openVisitorSession } from '../../commands/contacts/open-visitor-session.js';
import { presentLoggedIn } from '../../presenters/logged-in.js';
import { presentUser } from '../../presenters/user.js';
import { addressOf } from '../address-of.js';
import { confirmRights, takeToken as takeStaffToken } from '../agent-session.js';
import type { AgentHandlers, CustomerHandlers } from '../types.js';
import { established, takeToken } from '../visitor-session.js';

export const sessionHandlers = {
  authenticate: async ({ hub, limits, socket }, input) => {
    if ('token' in input) {
      await takeStaffToken(hub, socket, input.token);
      await confirmRights(hub, socket);
      const { user } = await authenticateAccessToken(hub, input.token);
      return { user: presentUser(user), accessToken: input.token, refreshToken: null };
    }
    const { handshake } = socket;
    const address = addressOf(hub.env, handshake);
    const userAgent = handshake.headers['user-agent'] ?? null;
    const loggedIn = await logIn(hub, limits, { ...input, address, userAgent, deviceToken: null });
    await takeStaffToken(hub, socket, loggedIn.accessToken);
    await confirmRights(hub, socket);
    return presentLoggedIn(loggedIn);
  },
} satisfies Partial<AgentHandlers>;

export const customerSessionHandlers = {
  customer_connect: async ({ hub, limits, socket }, input) => {
    const session = await openVisitorSession(hub, {
      inboxKey: input.inboxKey,
      ...(input.token === undefined ? {} : { token: input.token }),
      ...(input.page === undefined ? {} : { page: typeof input.page === 'string' ? { url: input.page } : input.page }),
      origin: socket.handshake.headers.origin ?? null,
      from: { limits, address: addressOf(hub.env, socket.handshake) },
    });
    await takeToken(hub, socket, session.token);
    await introduceVisitor(hub, session.identity, {
      ...(input.name === undefined ? {} : { name: input.name }),
      ...(input.email === undefined ? {} : { email: input.email }),
    });
    return established(hub, socket);
  },
  customer_disconnect: ({ socket }) => {
    setImmediate(() => socket.disconnect(true));
    return Promise.resolve(null);
  },
  end_session: async ({ hub, actor }) => {
    await endVisitorSession(hub, actor);
    return null;
  },
} satisfies Partial<CustomerHandlers>;
