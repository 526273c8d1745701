import type { Availability } from '../../shared/words.js';
import type { Changed } from '../changed.js';

export interface UserEvents {
  'user.availabilityChanged': { user: string } & Changed<Availability>;
  'user.deactivated': { user: string };
}
