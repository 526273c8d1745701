import { z } from 'zod';
import { createUser } from '../../commands/create-user.js';
import { updateUser } from '../../commands/update-user.js';
import { UserModel, type User } from '../../models/index.js';
import { presentUser } from '../../presenters/user.js';
import { onStore } from '../../storage/in-transaction.js';
import { defineRoute, idParams, type Route } from '../route.js';
import { email, password, personName, staffRole, userDto } from '../schemas.js';

/** The team (SPEC 3.1, 3.2). */
export const routes: Route[] = [
  defineRoute({
    method: 'get',
    path: '/users',
    access: 'staff',
    ability: 'user.list',
    summary: 'The team, by name',
    input: {},
    output: z.strictObject({ items: z.array(userDto) }),
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
    input: { body: z.strictObject({ name: personName, email, password, role: staffRole }) },
    output: z.strictObject({ user: userDto }),
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
    input: {
      params: idParams,
      body: z.strictObject({
        name: personName.exactOptional(),
        role: staffRole.exactOptional(),
        active: z.boolean().exactOptional(),
      }),
    },
    output: z.strictObject({ user: userDto }),
    handle: async ({ hub, actor, input }) => {
      const user = await updateUser(hub, { actor, userId: input.params.id, changes: input.body });
      return { user: presentUser(user) };
    },
  }),
];
