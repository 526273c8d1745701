import { setAvailability } from '../../commands/people/set-availability.js';
import { presentUser } from '../../presenters/user.js';
import type { AgentHandlers } from '../types.js';

export const presenceHandlers = {
  update_status: async ({ hub, actor }, { status }) => ({
    user: presentUser(await setAvailability(hub, actor, actor.userId, status)),
  }),
} satisfies Partial<AgentHandlers>;
