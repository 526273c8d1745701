import { authSuccess, socketAuthInput } from '../../schemas/auth.js';
import type { Namespace } from '../rows.js';

export const sessionCalls = {
  authenticate: {
    says: 'Logs a socket in that came without a token; it has 10 seconds for it.',
    ability: null,
    rate: 'other',
    input: socketAuthInput,
    answer: authSuccess,
    reply: 'auth_success',
    fault: 'auth_error',
  },
} as const satisfies Namespace['calls'];
