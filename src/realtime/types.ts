import type { Namespace, Server, Socket } from 'socket.io';
import type { Hub } from '../hub.js';
import type { StaffActor, VisitorActor } from '../policies/index.js';
import type {
  agentNamespace,
  AgentToServer,
  customerNamespace,
  CustomerToServer,
  ServerToAgent,
  ServerToCustomer,
} from '../shared/socket-catalogue/index.js';
import type { Limits } from '../storage/rate-limits.js';
import type { Handlers } from './socket-call.js';

/** What our processes tell each other. */
export interface BetweenServers {
  /** A user's rights have changed, so their sockets' rooms have to be chosen anew. */
  rights_changed(userId: string): void;
  /** Sockets of the identity that came with a token of an epoch before this one have to go. */
  tokens_ended(identityId: string, epoch: number): void;
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
  /** When the token was last compared with the store. Milliseconds. */
  checkedAt: number;
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

/** A member of the team on an authenticated socket. */
export interface AgentCaller {
  hub: Hub;
  limits: Limits;
  actor: StaffActor;
  socket: AgentSocket;
}

/** A visitor on an authenticated socket. */
export interface CustomerCaller {
  hub: Hub;
  limits: Limits;
  actor: VisitorActor;
  socket: CustomerSocket;
}

/** Handlers of every event that a member of the team, or a visitor, may send; those of one noun are a part of them. */
export type AgentHandlers = Handlers<(typeof agentNamespace)['calls'], AgentCaller>;
export type CustomerHandlers = Handlers<(typeof customerNamespace)['calls'], CustomerCaller>;
