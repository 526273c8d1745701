// Written by `npm run indexes` from the files beside it.
import { conversationCalls } from './conversation.js';
import { labelCalls } from './label.js';
import { messageCalls } from './message.js';
import { presenceCalls } from './presence.js';
import { sessionCalls } from './session.js';

/** What the team may call; each noun has its file. */
export const agentCalls = { ...conversationCalls, ...labelCalls, ...messageCalls, ...presenceCalls, ...sessionCalls };
