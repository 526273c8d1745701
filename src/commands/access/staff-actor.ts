import { InboxModel, TeamModel, type User } from '../../models/index.js';
import type { StaffActor } from '../../policies/index.js';
import { SCOPE_OF_ROLE } from '../../policies/roles.js';

/** Where a member of the team works: the ids of their inboxes and teams. */
export async function placesOfMember(userId: string): Promise<Pick<StaffActor, 'inboxIds' | 'teamIds'>> {
  const [inboxes, teams] = await Promise.all([
    InboxModel.find({ members: userId }, { _id: 1 }).lean().exec(),
    TeamModel.find({ members: userId }, { _id: 1 }).lean().exec(),
  ]);
  return { inboxIds: inboxes.map(({ _id }) => _id.toString()), teamIds: teams.map(({ _id }) => _id.toString()) };
}

/** A member of the team as an actor. @param role the user's, who is no customer. */
export const staffActor = (
  user: Pick<User, '_id' | 'name' | 'scopeRev'>,
  role: StaffActor['role'],
  sessionId: string,
  places: Pick<StaffActor, 'inboxIds' | 'teamIds'>,
): StaffActor => ({
  type: 'staff',
  userId: user._id.toString(),
  name: user.name,
  role,
  scope: SCOPE_OF_ROLE[role],
  ...places,
  sessionId,
  scopeRev: user.scopeRev,
});
