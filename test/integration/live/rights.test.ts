import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Types } from 'mongoose';
import { InboxModel } from '../../../src/models/index.js';
import { moveToRights } from '../../../src/realtime/agent-session.js';
import { ROOMS } from '../../../src/shared/conversation-rights.js';
import type { AgentNamespace, AgentSocket } from '../../../src/realtime/types.js';
import { buildConversation, buildInbox, buildTeam } from '../../support/build.js';
import { World } from './support/world.js';

let world: World;

beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());

it('a look at the rights that was under way when they changed does not put the socket back into a room', async () => {
  const anna = await world.member('agent', 'Anna Ahrens');
  const { id: inboxId } = await world.webInbox([anna]);
  const rooms = new Set<string>([ROOMS.inboxUnassigned(inboxId)]);
  const socket = {
    ...{ data: { actor: anna.actor, token: anna.accessToken, checkedAt: 0 }, rooms, emit: () => true },
    join: (joined: string[]) => void joined.forEach((room) => rooms.add(room)),
    leave: (room: string) => void rooms.delete(room),
  } as unknown as AgentSocket;
  const namespace = { sockets: new Map([['one', socket]]) } as unknown as AgentNamespace;
  const look = (): Promise<void> => moveToRights(world.hub.hub, namespace, anna.actor.userId);

  const stale = await InboxModel.find({ members: anna.actor.userId }, { _id: 1 }).lean().exec();
  let answer: () => void = () => undefined;
  const late = new Promise((resolve) => (answer = () => resolve(stale)));
  const find = jest.spyOn(InboxModel, 'find').mockReturnValueOnce({ lean: () => ({ exec: () => late }) } as never);
  const first = look();
  await InboxModel.updateOne({ _id: inboxId }, { $set: { members: [] } });
  await look();
  expect(rooms).not.toContain(ROOMS.inboxUnassigned(inboxId));
  answer();
  await first;
  expect(rooms).not.toContain(ROOMS.inboxUnassigned(inboxId));
  find.mockRestore();
});

it('who leads a team sees its work in every inbox, and that of no other team', async () => {
  const [lead, other] = await Promise.all(['Lea Lorenz', 'Otto Oster'].map((name) => world.member('supervisor', name)));
  if (lead === undefined || other === undefined) throw new Error('nobody came');
  const ids = [lead, other].map(({ actor }) => new Types.ObjectId(actor.userId));
  const inbox = await buildInbox({ members: ids });
  const team = await buildTeam({ members: ids.slice(0, 1) });
  for (const place of [{}, { inbox: inbox._id }]) {
    const { _id } = await buildConversation({ team: team._id, ...place });
    const seenBy = async (who: typeof lead): Promise<boolean> =>
      (await world.api(who, `/api/conversations/${String(_id)}`)).success;
    expect([await seenBy(lead), await seenBy(other)]).toEqual([true, false]);
  }
});
