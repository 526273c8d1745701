import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { io } from 'socket.io-client';
import { avatarPng, stickerPng } from '../../embedded/sandbox/messenger/png.js';
import type { Agent } from './support/agent.js';
import { expectPicture, type ChosenFile } from './support/chosen-file.js';
import { Demo, MESSENGER, WEBSITE } from './support/demo.js';
import type { Phone } from './support/phone.js';
import type { Visitor } from './support/visitor.js';

jest.setTimeout(90_000);

let demo: Demo;
let agent: Agent;
let phone: Phone;

const picture = (name: string, seed: string): ChosenFile => ({
  name,
  mimeType: 'image/png',
  buffer: avatarPng(seed),
});

const DAY = 24;

beforeAll(async () => {
  demo = await Demo.start();
  [agent, phone] = await Promise.all([demo.agent(), demo.phone()]);
});

afterAll(() => demo.stop());

afterEach(() => {
  demo.complaints.expect(null);
  expect(demo.complaints.all.splice(0)).toEqual([]);
});

/** Closes a visitor's browser when the test is over. */
async function asVisitor(run: (visitor: Visitor) => Promise<void>): Promise<void> {
  const visitor = await demo.visitor();
  await run(visitor);
  await visitor.page.context().close();
}

describe('a visitor of the website and the agent', () => {
  test('write to each other; ticks tell how far each message came; a reload loses nothing', () =>
    asVisitor(async (visitor) => {
      await visitor.say('Do you rent out cargo bikes?');
      await agent.take(WEBSITE, 'Do you rent out cargo bikes?');
      await visitor.tick('Do you rent out cargo bikes?', 'Read').waitFor({ state: 'attached' });

      await visitor.page.goto('about:blank');
      await agent.reply('Yes, from 40 euros a day.');
      await agent.mark('Yes, from 40 euros a day.', 'Sent').waitFor();

      await visitor.visitShop();
      await visitor.page.getByRole('button', { name: 'Open chat, 1 unread message' }).waitFor();
      await agent.mark('Yes, from 40 euros a day.', 'Delivered').waitFor();

      await visitor.openChat();
      await visitor.message('Yes, from 40 euros a day.').waitFor();
      await agent.mark('Yes, from 40 euros a day.', 'Read').waitFor();
      await visitor.say('And the trailer?');
      await agent.message('And the trailer?').waitFor();

      await agent.page.reload();
      await agent.page.getByText('Up to date').waitFor();
      for (const text of ['Do you rent out cargo bikes?', 'Yes, from 40 euros a day.', 'And the trailer?']) {
        await agent.message(text).waitFor();
        await visitor.message(text).waitFor();
      }
      await agent.mark('Yes, from 40 euros a day.', 'Read').waitFor();
    }));

  test('send each other pictures and files', () =>
    asVisitor(async (visitor) => {
      const fork = picture('bent fork.png', 'fork');
      const offer = {
        name: 'offer.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
      };
      await visitor.say('My fork is bent, look:');
      await agent.take(WEBSITE, 'My fork is bent, look:');
      await visitor.sendFile(fork);
      await expectPicture(agent.picture('bent fork.png'), fork, demo.hubUrl);

      await agent.sendFile(offer);
      const card = visitor.panel.getByRole('link', { name: 'offer.pdf' });
      const address = new URL((await card.getAttribute('href')) ?? '', demo.hubUrl);
      const answer = await fetch(address);
      expect(Buffer.from(await answer.arrayBuffer()).equals(offer.buffer)).toBe(true);
      await expectPicture(visitor.panel.getByRole('img', { name: 'bent fork.png' }), fork, demo.hubUrl);
    }));

  test('find each other by keys, also right after a click in the navigation', () =>
    asVisitor(async (visitor) => {
      await visitor.say('Do you take old bikes?');
      await agent.take(WEBSITE, 'Do you take old bikes?');
      await agent.page.getByRole('link', { name: 'Mine' }).click();
      await agent.thread.waitFor({ state: 'hidden' });
      for (const part of ['Done', 'Open']) await agent.list.getByText(part, { exact: true }).click();
      await agent.list.getByRole('link', { name: 'Do you take old bikes?' }).waitFor();
      await agent.page.keyboard.press('j');
      await agent.message('Do you take old bikes?').waitFor();
    }));

  test('the inbox says that a name is the visitor’s own word', async () => {
    const inboxKey = demo.stack.demo.inboxes.find(({ channel }) => channel === 'web')?.key;
    const socket = io(`${demo.hubUrl}/customer`, { transports: ['websocket'], reconnection: false });
    await socket.emitWithAck('customer_connect', { inboxKey, name: 'Carla Customer' });
    await socket.emitWithAck('customer_message', { text: 'Do you know me?' });
    socket.disconnect();
    await agent.open(WEBSITE, 'Do you know me?');
    await agent.page.getByText('Says so, not confirmed').waitFor();
    const row = agent.list.getByRole('link', { name: 'Do you know me?' });
    await row.getByRole('img', { name: 'The name is not confirmed' }).waitFor();
  });

  test('part for good when the page logs its visitor out: a token that was kept opens nothing', () =>
    asVisitor(async (visitor) => {
      await visitor.say('My address is on the order.');
      const storage = () => visitor.page.evaluate<Record<string, string>>('({ ...localStorage })');
      const token = Object.entries(await storage()).find(([name]) => name.endsWith('token'))?.[1] ?? '';
      const ended = visitor.page.waitForResponse((answer) => answer.request().method() === 'DELETE');
      await visitor.page.evaluate('Switchboard("shutdown")');
      expect((await ended).status()).toBe(200);
      expect(Object.values(await storage())).not.toContain(token);
      const inboxKey = demo.stack.demo.inboxes.find(({ channel }) => channel === 'web')?.key;
      const answer = await fetch(`${demo.hubUrl}/api/widget/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: demo.hubUrl },
        body: JSON.stringify({ inboxKey, token }),
      });
      expect(answer.status).toBe(401);
    }));

  test('see each other typing', () =>
    asVisitor(async (visitor) => {
      await visitor.say('Is the workshop open today?');
      await agent.take(WEBSITE, 'Is the workshop open today?');

      await visitor.field.pressSequentially('I could');
      await agent.page.getByText('is typing…').waitFor();
      await visitor.field.fill('');
      await agent.page.getByText('is typing…').waitFor({ state: 'hidden' });

      await agent.field.pressSequentially('We are');
      await visitor.panel.locator('.dots').waitFor();
      await agent.field.fill('');
      await visitor.panel.locator('.dots').waitFor({ state: 'hidden' });
    }));

  test('keep their words while the connection is gone, and are up to date when it is back', () =>
    asVisitor(async (visitor) => {
      await visitor.say('Do you have inner tubes?');
      await agent.take(WEBSITE, 'Do you have inner tubes?');
      demo.complaints.expect(/ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED/);
      await agent.page.context().setOffline(true);
      await agent.page
        .getByText(/^Offline/)
        .first()
        .waitFor();
      await agent.reply('All sizes.');
      await agent.page.getByText('Offline – 1 message waiting').first().waitFor();
      await visitor.say('For 28 inches?');
      expect(await agent.message('For 28 inches?').count()).toBe(0);

      await agent.page.context().setOffline(false);
      await visitor.message('All sizes.').waitFor();
      await agent.message('For 28 inches?').waitFor();
      await agent.page.getByText('Up to date').waitFor();
    }));

  test('notes stay in the team', () =>
    asVisitor(async (visitor) => {
      await visitor.say('Can I still change my order?');
      await agent.take(WEBSITE, 'Can I still change my order?');
      await agent.writeNote('He pays late, ask for it in advance.');
      await agent.message('He pays late').getByText('Note, only for the team').waitFor();
      await agent.reply('Yes, until noon.');
      await visitor.message('Yes, until noon.').waitFor();
      await visitor.page.reload();
      await visitor.openChat();
      await visitor.message('Yes, until noon.').waitFor();

      expect(await visitor.panel.getByText('He pays late').count()).toBe(0);
      expect(visitor.traffic.join('\n')).toContain('Yes, until noon.');
      expect(visitor.traffic.join('\n')).not.toContain('He pays late');
    }));
});

describe('a person on Messenger and the agent', () => {
  test('write to each other, and ticks tell how far each message came', async () => {
    const [vera, other] = [await demo.sandbox.newPerson('Vera', 'Text'), await demo.sandbox.newPerson('Otto', 'Other')];
    await phone.show(vera);
    await phone.say('Is the Feldberg in stock?');
    await agent.take(MESSENGER, 'Is the Feldberg in stock?');
    await agent.page.getByRole('heading', { name: 'Vera Text' }).first().waitFor();
    await agent.page.getByText('From their Messenger profile').waitFor();
    await phone.message('Is the Feldberg in stock?').getByText('Seen').waitFor();

    await phone.show(other);
    await demo.sandbox.call('PUT', '/settings', { delivery: 'off' });
    await agent.reply('Two are left.');
    await agent.mark('Two are left.', 'Sent').waitFor();
    await demo.sandbox.call('PUT', '/settings', { delivery: 'auto' });
    await demo.sandbox.act(vera, 'delivered');
    await agent.mark('Two are left.', 'Delivered').waitFor();

    await phone.show(vera);
    await phone.message('Two are left.').waitFor();
    await agent.mark('Two are left.', 'Read').waitFor();
    await agent.page.reload();
    await agent.mark('Two are left.', 'Read').waitFor();
  });

  test('send each other pictures, which the inbox shows from our own store', async () => {
    const paul = await demo.sandbox.newPerson('Paul', 'Picture');
    const [brake, part] = [picture('brake.png', 'brake'), { ...picture('part.png', ''), buffer: stickerPng() }];
    await phone.show(paul);
    await phone.say('This one squeaks:');
    await phone.sendFile(brake);
    await agent.take(MESSENGER, 'Paul Picture');
    await expectPicture(agent.picture('brake.png'), brake, demo.hubUrl);

    await agent.sendFile(part);
    await expectPicture(phone.thread.getByRole('img', { name: 'part.png' }), part, demo.sandbox.url);
  });

  test('a message that fails says why and can be sent again', async () => {
    const fay = await demo.sandbox.newPerson('Fay', 'Failure');
    await phone.show(fay);
    await phone.say('Hello?');
    await agent.take(MESSENGER, 'Fay Failure');
    const mode = { type: 'error', code: 551 };
    await demo.sandbox.call('POST', '/rules', { kind: 'send', match: { personId: fay.id }, times: 1, mode });

    await agent.reply('Good morning!');
    await agent.mark('Good morning!', 'Not sent').waitFor();
    const failed = agent.message('Good morning!');
    await failed.getByText('This person cannot be reached on Messenger').waitFor();
    expect(await phone.message('Good morning!').count()).toBe(0);

    await failed.getByRole('button', { name: 'Send again' }).click();
    await phone.message('Good morning!').waitFor();
    await agent.mark('Good morning!', 'Read').waitFor();
    expect(await failed.getByRole('button', { name: 'Send again' }).count()).toBe(0);
    expect(await phone.message('Good morning!').count()).toBe(1);
  });

  test('the phone shows that the agent is typing', async () => {
    const tina = await demo.sandbox.newPerson('Tina', 'Typing');
    await phone.show(tina);
    await phone.say('Anybody there?');
    await agent.take(MESSENGER, 'Tina Typing');
    await agent.field.pressSequentially('I am');
    await phone.thread.getByText('Radhaus is typing').waitFor();
    await agent.field.fill('');
    await phone.thread.getByText('Radhaus is typing').waitFor({ state: 'hidden' });
  });

  test('reactions, edits and what is taken back are shown', async () => {
    const rosa = await demo.sandbox.newPerson('Rosa', 'Reaction');
    await phone.show(rosa);
    await phone.say('I come at nien.');
    await phone.say('Or not at all.');
    await agent.take(MESSENGER, 'Rosa Reaction');
    await agent.reply('See you then!');

    await phone.pick('See you then!', 'love');
    await agent.message('See you then!').getByRole('img', { name: 'The customer reacted with ❤️' }).waitFor();
    await phone.edit('I come at nien.', 'I come at nine.');
    await agent.message('I come at nine.').getByText('Edited').waitFor();
    await phone.pick('Or not at all.', 'Unsend');
    await agent.message('This message was taken back.').waitFor();
    const shown = await agent.thread.innerText();
    expect(shown).not.toContain('Or not at all.');
    expect(shown).not.toContain('I come at nien.');
  });

  test('notes are not sent', async () => {
    const nils = await demo.sandbox.newPerson('Nils', 'Note');
    await phone.show(nils);
    await phone.say('How much is a new chain?');
    await agent.take(MESSENGER, 'Nils Note');
    await agent.writeNote('Asked three times already.');
    await agent.reply('About 30 euros.');
    await phone.message('About 30 euros.').waitFor();
    expect(JSON.stringify(await demo.sandbox.sendsTo(nils))).not.toContain('Asked three times');
  });
});

describe('the reply window of Messenger', () => {
  test('after a day a person may still answer, and the composer says so', async () => {
    const hugo = await demo.sandbox.newPerson('Hugo', 'Hint');
    await demo.sandbox.writeHoursAgo(hugo, 'Is my bike ready?', DAY + 1);
    await agent.take(MESSENGER, 'Hugo Hint');
    await agent.composer
      .getByText('The usual reply time is over. As a person you can still answer for 5 days')
      .waitFor();

    await phone.show(hugo);
    await agent.reply('It is, since yesterday.');
    await phone.message('It is, since yesterday.').waitFor();
    expect(JSON.stringify(await demo.sandbox.sendsTo(hugo))).toContain('HUMAN_AGENT');
  });

  test('after a week replies are closed, in the composer and in the API, until the person writes', async () => {
    const clara = await demo.sandbox.newPerson('Clara', 'Closed');
    await demo.sandbox.writeHoursAgo(clara, 'Do you buy used bikes?', 8 * DAY);
    await agent.take(MESSENGER, 'Clara Closed');
    await agent.composer
      .getByText(/Replies closed .* at \d\d:\d\d\. They open again when the customer writes/)
      .waitFor();
    expect(await agent.field.isDisabled()).toBe(true);
    expect(await reply(agent.conversationId(), 'Yes, we do.')).toEqual({ status: 409, code: 'WINDOW_CLOSED' });

    await phone.show(clara);
    await phone.say('Hello again!');
    await agent.message('Hello again!').waitFor();
    await agent.reply('Yes, we do.');
    await phone.message('Yes, we do.').waitFor();
    const sent = (await demo.sandbox.ledger(clara)).filter(({ direction }) => direction === 'out');
    expect(sent.map(({ text }) => text)).toEqual(['Yes, we do.']);
  });
});

describe('labels', () => {
  test('are made in the settings, put on by keys, undone, seen by others at once, and narrow the list', () =>
    asVisitor(async (visitor) => {
      const lead = await demo.agent('supervisor');
      await lead.page.goto(`${demo.hubUrl}/settings/labels/new`);
      await lead.page.getByLabel('Title').fill('Trailer');
      await lead.page.getByLabel('Green').check();
      await lead.page.getByRole('button', { name: 'Add', exact: true }).click();
      await lead.page.getByRole('table').getByText('Trailer').waitFor();
      await lead.page.goto(`${demo.hubUrl}/inbox`);
      await lead.page.getByRole('region', { name: 'All conversations' }).getByRole('link', { name: WEBSITE }).click();

      const question = 'Do you sell trailers?';
      await visitor.say(question);
      await agent.take(WEBSITE, question);
      const openPicker = async ({ page }: Agent): Promise<void> => {
        await page.keyboard.press('l');
        await page.getByRole('dialog', { name: 'Labels of this conversation' }).waitFor();
      };
      const label = async (by: Agent, words: string): Promise<void> => {
        await openPicker(by);
        await by.page.keyboard.type(words);
        await by.page.getByRole('option', { selected: true }).filter({ hasText: 'Trailer' }).waitFor();
        await by.page.keyboard.press('Enter');
        await by.page.keyboard.press('Escape');
      };
      await label(agent, 'trail');
      await agent.page.getByRole('alert').getByRole('button', { name: 'Close' }).waitFor();
      await agent.page.getByRole('button', { name: 'Undo' }).click();
      await agent.thread.getByText(/removed Trailer/).waitFor();
      const row = lead.list.getByRole('link', { name: question });
      await row.click();
      await lead.thread.getByText(/removed Trailer/).waitFor();
      await openPicker(agent);
      await label(lead, 'trail');
      await row.getByText('Trailer', { exact: true }).waitFor();
      await agent.page
        .getByText(/ added Trailer/)
        .nth(1)
        .waitFor();
      // What somebody else has put on meanwhile stays.
      await agent.page.keyboard.press('Escape');

      // What is made in the picker is put on, however soon it is closed.
      await openPicker(lead);
      await lead.page.keyboard.type('Bell');
      await lead.page.getByRole('option', { selected: true }).filter({ hasText: 'Bell' }).waitFor();
      await lead.page.keyboard.press('Enter');
      await lead.page.keyboard.press('Escape');
      await row.getByText('Bell', { exact: true }).waitFor();

      await lead.page.getByRole('button', { name: 'Filter by label' }).click();
      await lead.page.getByRole('option', { name: 'Trailer' }).waitFor();
      await lead.page.keyboard.type('trail');
      await lead.page.keyboard.press('Enter');
      await lead.page.getByRole('button', { name: 'Only Trailer. Show all' }).waitFor();
      await row.waitFor();
      expect(await lead.list.getByRole('link').count()).toBe(1);

      await agent.page.keyboard.press('Control+k');
      await agent.page.keyboard.type('trailer take off');
      await agent.page.getByRole('option', { selected: true }).filter({ hasText: 'Take off' }).waitFor();
      await agent.page.keyboard.press('Enter');
      await lead.list.getByText('Nothing matches').waitFor();
      await lead.list.getByRole('button', { name: 'Clear the filters' }).click();
      await row.waitFor();
      expect(await row.getByText('Trailer', { exact: true }).count()).toBe(0);
      expect(await agent.thread.getByText(/removed Trailer/).count()).toBe(2);
      await lead.page.context().close();
    }));
});

/** Replies by the API, as the same agent. */
async function reply(conversationId: string, text: string): Promise<{ status: number; code: unknown }> {
  const post = async (path: string, body: unknown, token?: string) => {
    const answer = await fetch(`${demo.hubUrl}/api${path}`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    const said = (await answer.json()) as { data?: { accessToken?: string }; error?: { code: string } };
    return { status: answer.status, said };
  };
  const { said } = await post('/auth/login', demo.logIn('agent'));
  const answer = await post(`/conversations/${conversationId}/messages`, { text }, said.data?.accessToken);
  return { status: answer.status, code: answer.said.error?.code };
}
