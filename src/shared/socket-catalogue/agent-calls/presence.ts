import { availabilityInput, oneUser } from '../../schemas/user.js';
import type { Namespace } from '../rows.js';

export const presenceCalls = {
  update_status: {
    says: 'Says whether the caller takes conversations.',
    ability: 'profile.view',
    rate: 'other',
    input: availabilityInput,
    answer: oneUser,
    reply: 'status_updated',
  },
} as const satisfies Namespace['calls'];
