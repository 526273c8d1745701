import type { Namespace, Server, Socket } from 'socket.io';
import type { StaffActor, VisitorActor } from '../policies/index.js';
import type { AgentToServer, CustomerToServer, ServerToAgent, ServerToCustomer } from '../shared/socket-events.js';

/** Between our processes: a user's rights have changed, so their sockets' rooms have to be chosen anew. */
export interface BetweenServers {
  rights_changed(userId: string): void;
}

export interface AgentData {
  /** Null until authenticated. */
  actor: StaffActor | null;
  token: string;
  checkedAt: number;
  expiry?: NodeJS.Timeout;
}

export interface CustomerData {
  actor: VisitorActor | null;
  token: string;
  expiry?: NodeJS.Timeout;
}

export type AgentNamespace = Namespace<AgentToServer, ServerToAgent, BetweenServers, AgentData>;
export type AgentSocket = Socket<AgentToServer, ServerToAgent, BetweenServers, AgentData>;
export type CustomerNamespace = Namespace<CustomerToServer, ServerToCustomer, BetweenServers, CustomerData>;
export type CustomerSocket = Socket<CustomerToServer, ServerToCustomer, BetweenServers, CustomerData>;

export interface Namespaces {
  io: Server;
  agent: AgentNamespace;
  customer: CustomerNamespace;
}
