import { notFound } from '../../errors.js';
import { AgentWorkModel, UserModel, type User } from '../../models/index.js';
import { authorize } from '../../policies/authorize.js';
import type { Actor } from '../../policies/index.js';
import type { Availability } from '../../shared/words.js';
import { act } from '../act.js';
import type { Hub } from '../../hub.js';

/** Sets a member's availability by hand and tells the team. @throws AppError 404, 503; AccessDenied. */
export const setAvailability = (hub: Hub, actor: Actor, userId: string, availability: Availability): Promise<User> =>
  act(hub, actor, async (unit) => {
    const { session } = unit;
    const before = await UserModel.findByIdAndUpdate(userId, { $set: { availability } }, { session }).lean();
    if (before === null) throw notFound('This account');
    authorize(actor, 'user.setAvailability', before);
    await AgentWorkModel.updateOne({ _id: before._id }, { $set: { availability } }, { session, upsert: true });
    if (before.availability !== availability) {
      const data = { user: userId, from: before.availability, to: availability };
      unit.record({ type: 'user.availabilityChanged', conversation: null, rev: null, data });
    }
    unit.tell({ type: 'availability', userId, availability });
    return { ...before, availability };
  });
