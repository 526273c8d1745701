// Written by `npm run indexes` from the files beside it.
import { conversationPolicies } from './conversation.js';
import { inboxPolicies } from './inbox.js';
import { labelPolicies } from './label.js';
import { uploadPolicies } from './upload.js';
import { userPolicies } from './user.js';
import { visitPolicies } from './visit.js';

/** The one table of who may do what, for routes, sockets and commands (SPEC 3.2); each noun has its file. */
export const POLICIES = {
  ...conversationPolicies,
  ...inboxPolicies,
  ...labelPolicies,
  ...uploadPolicies,
  ...userPolicies,
  ...visitPolicies,
};
