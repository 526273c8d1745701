import type { Socket } from 'socket.io';
import type { StaffActor } from '../policies/index.js';
import { placeOf, ROOMS, roomsOfPlace, roomsOfViewer } from '../shared/conversation-rights.js';

/** Room names besides those that follow from who sees what (DESIGN 8). */
export const ROOM = {
  agent: ROOMS.agent,
  session: (sessionId: string) => `session:${sessionId}`,
  staff: 'staff',
  conversation: (conversationId: string) => `conversation:${conversationId}`,
  identity: (identityId: string) => `identity:${identityId}`,
} as const;

/** Who is told about a conversation: exactly those whom `conversation.view` allows. */
export const audienceOf = (conversation: Parameters<typeof placeOf>[0]): string[] =>
  roomsOfPlace(placeOf(conversation));

/** The rooms of a member of the team. */
export const roomsOf = (actor: StaffActor): string[] => [
  ROOM.staff,
  ROOM.session(actor.sessionId),
  ...roomsOfViewer(actor),
];

/** Puts a socket into these rooms and no others, whoever it was before. */
export async function standIn(socket: Pick<Socket, 'id' | 'rooms' | 'join' | 'leave'>, rooms: string[]): Promise<void> {
  await socket.join(rooms);
  for (const room of socket.rooms) if (room !== socket.id && !rooms.includes(room)) await socket.leave(room);
}
