import { act } from '../src/commands/act.js';
import { createInbox } from '../src/commands/inboxes/create-inbox.js';
import type { Hub } from '../src/hub.js';
import { insertUser } from '../src/commands/people/insert-user.js';
import { openVisitorSession } from '../src/commands/contacts/open-visitor-session.js';
import { receiveMessage } from '../src/commands/messages/receive-message.js';
import { sendMessage } from '../src/commands/messages/send-message.js';
import { changeStatus } from '../src/commands/conversations/change-status.js';
import { labelConversation } from '../src/commands/labels/label-conversation.js';
import { createLabel } from '../src/commands/labels/save-label.js';
import { placesOfMember, staffActor } from '../src/commands/access/staff-actor.js';
import { createComponents } from '../src/components.js';
import { DEMO_LOGINS } from '../src/demo-logins.js';
import { ContactModel, ConversationModel, InboxModel, LabelModel, UserModel, type Inbox } from '../src/models/index.js';
import { SYSTEM, type StaffActor, type VisitorActor } from '../src/policies/index.js';
import { hashPassword } from '../src/utils/password.js';
import { DEMO_LABELS, DEMO_STORIES, type Story } from './seed-stories.js';

/**
 * Fills the demo with a small company and connects the Pages of SANDBOX_PAGES (`id:token:name`, separated by semicolons); does only
 * what is missing. The last line on standard output is
 * `{users: [{role, email, password}], inboxes: [{id, channel, name, key}]}`.
 */
async function main(): Promise<void> {
  const { hub, shutdown } = await createComponents();
  try {
    const people = await seedPeople(hub);
    const inboxes = await seedInboxes(
      hub,
      [...people.values()],
      (process.env['SANDBOX_PAGES'] ?? '').split(';').filter(Boolean),
    );
    const website = inboxes.find((inbox) => inbox.channel === 'web');
    if (website !== undefined && (await ConversationModel.findOne({}, '_id').lean()) === null) {
      const actors = await actorsOf(people);
      const labels = await seedLabels(hub);
      for (const story of DEMO_STORIES) await tell(hub, website, actors, labels, story);
    }
    const users = DEMO_LOGINS.map(({ role, email, password }) => ({ role, email, password }));
    const listed = inboxes.map((inbox) => ({
      id: String(inbox._id),
      channel: inbox.channel,
      name: inbox.name,
      key: inbox.accountId,
    }));
    process.stdout.write(`${JSON.stringify({ users, inboxes: listed })}\n`);
  } finally {
    await shutdown.run();
  }
}

/** @returns ids by e-mail address. */
async function seedPeople(hub: Hub): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const person of DEMO_LOGINS) {
    const known = await UserModel.findOne({ email: person.email }, '_id').lean();
    const id = known?._id ?? (await addPerson(hub, person));
    ids.set(person.email, String(id));
  }
  return ids;
}

/** The same people as they act in the stories. */
async function actorsOf(people: Map<string, string>): Promise<Map<string, StaffActor>> {
  const actors = new Map<string, StaffActor>();
  for (const { email, role } of DEMO_LOGINS) {
    const user = await UserModel.findById(people.get(email)).lean();
    if (user !== null) actors.set(email, staffActor(user, role, 'seed', await placesOfMember(String(user._id))));
  }
  return actors;
}

async function addPerson(hub: Hub, person: (typeof DEMO_LOGINS)[number]) {
  const passwordHash = await hashPassword(person.password);
  const { name, email, role } = person;
  return (await act(hub, SYSTEM, (unit) => insertUser(unit, { name, email, passwordHash, role })))._id;
}

async function seedInboxes(hub: Hub, memberIds: string[], pages: string[]): Promise<Inbox[]> {
  const website = await InboxModel.findOne({ channel: 'web' }).sort({ _id: 1 }).lean();
  const made = [
    website ?? (await createInbox(hub, { actor: SYSTEM, channel: 'web', name: 'Radhaus website', memberIds })).inbox,
  ];
  for (const page of pages) {
    const [accountId = '', accessToken = '', ...name] = page.trim().split(':');
    const known = await InboxModel.findOne({ channel: 'messenger', accountId }).lean();
    const props = {
      actor: SYSTEM,
      channel: 'messenger',
      name: `${name.join(':')} on Messenger`,
      accountId,
      config: { accessToken },
      settings: { humanAgent: true },
      memberIds,
    };
    made.push(known ?? (await createInbox(hub, props)).inbox);
  }
  return made;
}

/** @returns ids by title. */
async function seedLabels(hub: Hub): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const label of DEMO_LABELS) {
    const known = await LabelModel.findOne({ title: label.title }, '_id').lean();
    ids.set(label.title, String(known?._id ?? (await createLabel(hub, SYSTEM, { ...label, description: '' }))._id));
  }
  return ids;
}

/** Plays one story through the same commands that visitors and agents use, at its own time. */
async function tell(
  hub: Hub,
  inbox: Inbox,
  people: Map<string, StaffActor>,
  labels: Map<string, string>,
  story: Story,
): Promise<void> {
  const session = await openVisitorSession(hub, { inboxKey: inbox.accountId, origin: null, from: null });
  const { name, email } = story.visitor;
  await ContactModel.updateOne({ _id: session.identity.contact }, { $set: { name, email } });
  const { _id, contact, tokenEpoch } = session.identity;
  const visitor: VisitorActor = {
    type: 'visitor',
    identityId: String(_id),
    contactId: String(contact),
    inboxId: String(inbox._id),
    epoch: tokenEpoch,
  };
  const began = hub.now() - story.minutesAgo * 60_000;
  let conversationId = '';
  let at = began;
  for (const [index, line] of story.lines.entries()) {
    at = began + (line.after ?? index) * 60_000;
    const then: Hub = { ...hub, now: () => at };
    const clientMessageId = `story-${story.visitor.email}-${index}`;
    if (line.by === 'visitor') {
      const received = await receiveMessage(then, visitor, {
        text: line.text,
        clientMessageId,
        attachmentIds: [],
        replyToMessageId: null,
        payload: null,
      });
      conversationId = String(received.conversation._id);
    } else {
      await sendMessage(then, personOf(people, line.by), {
        conversationId,
        text: line.text,
        clientMessageId,
        note: line.note,
        force: true,
      });
    }
  }
  const then: Hub = { ...hub, now: () => at };
  const { by = '', titles = [] } = story.labels ?? {};
  const add = titles.flatMap((title) => labels.get(title) ?? []);
  if (add.length > 0) await labelConversation(then, personOf(people, by), { conversationId, add, remove: [] });
  if (story.endsAs !== undefined) {
    await changeStatus(then, SYSTEM, { conversationId, status: story.endsAs });
  }
}

function personOf(people: Map<string, StaffActor>, email: string): StaffActor {
  const person = people.get(email);
  if (person === undefined) throw new Error(`nobody has the address ${email}`);
  return person;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      `The demo could not be filled: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    process.exit(1);
  },
);
