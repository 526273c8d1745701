import { createUser } from '../../commands/people/create-user.js';
import { updateUser } from '../../commands/people/update-user.js';
import { UserModel, type User } from '../../models/index.js';
import { presentUser } from '../../presenters/user.js';
import { onStore } from '../../storage/in-transaction.js';
import { idParams } from '../../shared/schemas/basics.js';
import { newUser, oneUser, userChanges, userList } from '../../shared/schemas/user.js';
import { defineRoute, type Route } from '../route.js';

/** The team (SPEC 3.1, 3.2). */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/users',
    access: 'staff',
    ability: 'user.list',
    summary: 'The team, by name',
    input: {},
    output: userList,
    handle: async () => {
      const users = await onStore(
        UserModel.find({ role: { $ne: 'customer' } })
          .sort({ name: 1, _id: 1 })
          .lean<User[]>()
          .exec(),
      );
      return { items: users.map(presentUser) };
    },
  }),
  defineRoute({
    method: 'post',
    path: '/users',
    access: 'staff',
    ability: 'user.manage',
    summary: 'Add somebody to the team',
    input: { body: newUser },
    output: oneUser,
    secretFields: ['password'],
    status: 201,
    handle: async ({ hub, actor, input }) => ({ user: presentUser(await createUser(hub, { actor, ...input.body })) }),
  }),
  defineRoute({
    method: 'patch',
    path: '/users/:id',
    access: 'staff',
    ability: 'user.manage',
    summary: 'Rename, change the role of, deactivate or reactivate somebody',
    input: { params: idParams, body: userChanges },
    output: oneUser,
    handle: async ({ hub, actor, input }) => {
      const user = await updateUser(hub, { actor, userId: input.params.id, changes: input.body });
      return { user: presentUser(user) };
    },
  }),
];
