import { describe, expect, test } from '@jest/globals';
import mongoose from 'mongoose';
import type { ConversationAbility } from '../../../src/commands/conversations/load-conversation.js';
import { AccessDenied, authorize } from '../../../src/policies/authorize.js';
import {
  assertPolicies,
  can,
  STRANGER,
  SYSTEM,
  type Actor,
  type ConversationSubject,
  type StaffActor,
  type StandingAbility,
} from '../../../src/policies/index.js';
import { staffActor } from '../../support/actors.js';

const id = (): mongoose.Types.ObjectId => new mongoose.Types.ObjectId();
const [inbox, elsewhere, me, colleague, identity, stranger] = [id(), id(), id(), id(), id(), id()] as const;

const staff = (role: StaffActor['role'], member: boolean): StaffActor =>
  staffActor({ userId: me.toString(), role, inboxIds: [(member ? inbox : elsewhere).toString()] });
const visitor = (of: mongoose.Types.ObjectId, at = inbox): Actor => ({
  type: 'visitor',
  identityId: of.toString(),
  contactId: id().toString(),
  inboxId: at.toString(),
  epoch: 0,
});

const conversation = (assignee: mongoose.Types.ObjectId | null): ConversationSubject => ({
  _id: id(),
  inbox,
  identity,
  assignee,
  team: null,
  contact: id(),
});

/** v view and read, s send, n note and label, c claim, a assign, t change status. */
const LETTERS: Record<string, ConversationAbility[]> = {
  v: ['conversation.view', 'conversation.read'],
  s: ['conversation.send'],
  n: ['conversation.note', 'conversation.label'],
  c: ['conversation.claim'],
  a: ['conversation.assign'],
  t: ['conversation.changeStatus'],
};

const TABLE: [who: string, actor: Actor, unassigned: string, mine: string, colleagues: string][] = [
  ['admin', staff('admin', false), 'vsncat', 'vsnat', 'vsnat'],
  ['supervisor of the inbox', staff('supervisor', true), 'vsncat', 'vsnat', 'vsnat'],
  ['supervisor elsewhere', staff('supervisor', false), '', 'vsnat', ''],
  ['agent of the inbox', staff('agent', true), 'vsnc', 'vsnat', ''],
  ['agent elsewhere', staff('agent', false), '', 'vsnat', ''],
  ['its own customer', visitor(identity), 'vs', 'vs', 'vs'],
  ['another customer', visitor(stranger), '', '', ''],
  ['the customer with a token of another inbox', visitor(identity, elsewhere), '', '', ''],
  ['somebody whom nobody knows', STRANGER, '', '', ''],
  ['the hub', SYSTEM, 'vsncat', 'vsncat', 'vsncat'],
];

describe('conversations', () => {
  test.each(TABLE)('%s', (_who, actor, unassigned, mine, colleagues) => {
    const found = [null, me, colleague].map((assignee) =>
      Object.entries(LETTERS)
        .filter(([, abilities]) => abilities.every((ability) => can(actor, ability, conversation(assignee))))
        .map(([letter]) => letter)
        .join(''),
    );
    expect(found).toEqual([unassigned, mine, colleagues]);
  });

  test('without the conversation nothing is allowed', () => {
    const missing = undefined as unknown as ConversationSubject;
    expect(can(staff('admin', true), 'conversation.view', missing)).toBe(false);
  });
});

test.each<[StandingAbility, string]>([
  ['profile.view', 'admin supervisor agent system'],
  ['user.list', 'admin supervisor agent system'],
  ['user.manage', 'admin system'],
  ['inbox.list', 'admin supervisor agent system'],
  ['inbox.manage', 'admin system'],
  ['webhookEvent.manage', 'admin system'],
  ['upload.create', 'admin supervisor agent visitor system'],
  ['installation.setUp', 'system'],
])('%s is for: %s', (ability, allowed) => {
  const actors: [string, Actor][] = [
    ['admin', staff('admin', true)],
    ['supervisor', staff('supervisor', true)],
    ['agent', staff('agent', true)],
    ['visitor', visitor(identity)],
    ['stranger', STRANGER],
    ['system', SYSTEM],
  ];
  const found = actors.filter(([, actor]) => can(actor, ability)).map(([name]) => name);
  expect(found.join(' ')).toBe(allowed);
});

test('availability is set by oneself and by whoever leads people', () => {
  const may = (actor: Actor, of: mongoose.Types.ObjectId) => can(actor, 'user.setAvailability', { _id: of });
  expect([may(staff('agent', true), me), may(staff('agent', true), colleague)]).toEqual([true, false]);
  expect([may(staff('supervisor', true), colleague), may(SYSTEM, me)]).toEqual([true, true]);
  expect([may(visitor(me), me), may(STRANGER, me)]).toEqual([false, false]);
});

test('a refusal names what was asked of what', () => {
  const subject = conversation(colleague);
  expect(() => authorize(staff('agent', true), 'conversation.view', subject)).toThrow(AccessDenied);
  expect(() => authorize(staff('agent', true), 'conversation.view', subject)).toThrow(
    expect.objectContaining({
      status: 403,
      code: 'FORBIDDEN',
      ability: 'conversation.view',
      subject: `conversation:${subject._id.toString()}`,
    }),
  );
  expect(() => authorize(staff('agent', true), 'user.manage')).toThrow(expect.objectContaining({ subject: null }));
  expect(authorize(staff('agent', true), 'conversation.view', conversation(null))).toBeUndefined();
});

test('the boot check names everything without a rule', () => {
  const callables = [
    { name: 'GET /api/a', ability: 'user.list' },
    { name: 'GET /api/b', ability: 'user.eat' },
    { name: 'send_message', ability: undefined },
    { name: 'GET /api/c', ability: 'toString' },
  ];
  expect(() => assertPolicies(callables)).toThrow(
    'These have no row in the policy table:\n  GET /api/b: user.eat\n  send_message: no ability named\n  GET /api/c: toString',
  );
  expect(() => assertPolicies(callables.slice(0, 1))).not.toThrow();
});
