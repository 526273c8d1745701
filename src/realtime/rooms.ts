import type { Socket } from 'socket.io';
import type { StaffActor } from '../policies/index.js';
import { visibleScope } from '../policies/index.js';

/** Room names (DESIGN 8). */
export const ROOM = {
  agent: (userId: string) => `agent:${userId}`,
  session: (sessionId: string) => `session:${sessionId}`,
  unassigned: (inboxId: string) => `inbox:${inboxId}:unassigned`,
  supervisors: (inboxId: string) => `inbox:${inboxId}:supervisors`,
  admins: 'admins',
  staff: 'staff',
  conversation: (conversationId: string) => `conversation:${conversationId}`,
  identity: (identityId: string) => `identity:${identityId}`,
} as const;

interface Placed {
  inbox: { toString(): string };
  assignee?: { toString(): string } | null | undefined;
}

/** Who is told about a conversation: exactly those whom `conversation.view` allows. */
export function audienceOf(conversation: Placed): string[] {
  const inboxId = String(conversation.inbox);
  const holder = conversation.assignee ? ROOM.agent(String(conversation.assignee)) : ROOM.unassigned(inboxId);
  return [holder, ROOM.supervisors(inboxId), ROOM.admins];
}

/** The rooms of a member of the team. */
export function roomsOf(actor: StaffActor): string[] {
  const scope = visibleScope(actor);
  return [
    ROOM.staff,
    ROOM.agent(actor.userId),
    ROOM.session(actor.sessionId),
    ...(scope.everything ? [ROOM.admins] : []),
    ...scope.supervised.map(ROOM.supervisors),
    ...scope.unassigned.map(ROOM.unassigned),
  ];
}

/** Puts a socket into these rooms and no others, whoever it was before. */
export async function standIn(socket: Pick<Socket, 'id' | 'rooms' | 'join' | 'leave'>, rooms: string[]): Promise<void> {
  await socket.join(rooms);
  for (const room of socket.rooms) if (room !== socket.id && !rooms.includes(room)) await socket.leave(room);
}
