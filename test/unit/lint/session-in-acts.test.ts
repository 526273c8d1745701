import { describe, it } from '@jest/globals';
import { RuleTester } from 'eslint';
import tseslint from 'typescript-eslint';
import { sessionInActs } from '../../../scripts/lint/session-in-acts.mjs';

RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

const tester = new RuleTester({ languageOptions: { parser: tseslint.parser as never } });
const errors = [{ messageId: 'missing' }];

tester.run('session-in-acts', sessionInActs, {
  valid: [
    'async function f(hub: Hub, id: string) { await UserModel.findById(id).lean(); }',
    'async function f(act: Act) { await UserModel.findById(1, null, { session: act.session }).lean(); }',
    'async function f({ session }: Act) { await UserModel.updateOne({}, {}, { upsert: true, session }); }',
    'async function f(session: ClientSession) { await UserModel.exists({ email }).session(session); }',
    'async function f(session: ClientSession) { const of = { session } as const; await UserModel.create([{}], of); }',
    'async function f(session?: ClientSession) { await UserModel.create([1], { ...(session ? { session } : {}) }); }',
    'async function f(act: Act) { await MessageModel.collection.insertOne({}, { session: act.session }); }',
    'async function f(session: Session) { await UserModel.findById(session.user).lean(); }',
    'async function f(act: Act) { act.afterwards(() => void UserModel.updateOne({}, {})); }',
    'act(hub, SYSTEM, async (unit) => { await UserModel.find({}, null, { session: unit.session }).lean(); });',
    'async function f(act: Act, list: User[]) { list.find(({ id }) => id === 1); }',
    'async function f({ session }: Act) { await row.save({ session }); }',
  ],
  invalid: [
    'async function f(act: Act) { await UserModel.findById(1).lean(); }',
    'async function f(act: Act) { await UserModel.findById(1, null, { sort: { _id: 1 } }).lean(); }',
    'async function f(hub: Hub, session: ClientSession) { await UserModel.updateOne({ session }, { $set: {} }); }',
    'async function f({ hub, session }: Act) { const o = { upsert: true }; await UserModel.updateOne({}, {}, o); }',
    'async function f({ hub, act }: Applying) { await Promise.all(list.map((id) => UserModel.deleteOne({ id }))); }',
    'async function f(applying: Applying) { await MessageModel.collection.insertMany([]); }',
    'async function f(props: { session: ClientSession }) { await db.collection("users").updateOne({}, {}); }',
    'act(hub, SYSTEM, async (current) => { await UserModel.countDocuments({}); });',
    'inTransaction(async (session) => { await row.save(); });',
    'act(hub, SYSTEM, async () => { await onStore(inboxById(id)); });',
    'async function f({ session }: Act) { await UserModel.find({}).sort({ _id: 1 }).lean(); }',
  ].map((code) => ({ code, errors })),
});
