import { agentNamespace } from './agent.js';
import { customerNamespace } from './customer.js';
import type { Namespace, ToClient, ToServer } from './rows.js';

export { agentNamespace, customerNamespace };

/** The one catalogue of socket events, both directions and both namespaces (SPEC 13, DESIGN 8). */
export const socketCatalogue = [agentNamespace, customerNamespace] as const;

export type AgentToServer = ToServer<typeof agentNamespace>;
export type ServerToAgent = ToClient<typeof agentNamespace>;
export type CustomerToServer = ToServer<typeof customerNamespace>;
export type ServerToCustomer = ToClient<typeof customerNamespace>;

/** The client events of a namespace that need a rule, with the ability they ask: all but the one that opens a session. */
export const guardedCalls = ({ path, entry, calls }: Namespace): { name: string; ability: string | undefined }[] =>
  Object.entries(calls)
    .filter(([event]) => event !== entry)
    .map(([event, { ability }]) => ({ name: `${path} ${event}`, ability: ability ?? undefined }));
