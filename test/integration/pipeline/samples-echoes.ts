import { contact, OUR_APP, ANSWER, page, one, labelled, stored, type SampleCase } from './samples-messages.js';

/** What the Page's side wrote, what the contact did with it, and what happened while another app held the thread. */
export const ECHOES: Record<string, SampleCase> = {
  'standby-message': one(contact({ text: 'Can I talk to a person?', standby: true })),
  'standby-echo': one(page('App 881304927755106', { text: 'Connecting you now.', standby: true })),
  'standby-postback': one({ kind: 'postback', text: 'Talk to us', payload: null, standby: true }),
  'standby-read': { with: ['standby-echo'], ...one(page('App 881304927755106', { tick: 'read' })) },
  echo: one(page(OUR_APP, { text: ANSWER, orderAt: 1781515815402 })),
  'echo-page-inbox': one(page('Page inbox', { text: 'This is Mara from the shop, I will take it from here.' })),
  'echo-other-app': one(page('App 881304927755106', { text: 'Your order 5512 has shipped.' })),
  'echo-image': one(page(OUR_APP, { text: null, attachments: [stored('image', 'image/png', '471220117_out_n.jpg')] })),
  'echo-template': one(
    page(OUR_APP, {
      text: null,
      attachments: [
        {
          kind: 'template',
          name: 'How can we help?',
          state: 'none',
          details: labelled({ Template: 'button', Button: 'Track order' }),
        },
      ],
    }),
  ),
  delivery: { with: ['echo'], ...one(page(OUR_APP, { text: ANSWER, tick: 'delivered' })) },
  'delivery-without-mids': { with: ['echo'], ...one(page(OUR_APP, { text: ANSWER, tick: 'delivered' })) },
  read: { with: ['echo', 'delivery'], ...one(page(OUR_APP, { text: ANSWER, tick: 'read' })) },
  reaction: {
    with: ['echo'],
    threads: [
      {
        conversation: { reply: { lastInboundAt: 1781516400330 } },
        entries: [page(OUR_APP, { text: ANSWER, reactions: [{ emoji: '❤️', by: 'contact' }] })],
      },
    ],
  },
  'reaction-removed': { with: ['echo', 'reaction'], ...one(page(OUR_APP, { text: ANSWER, reactions: [] })) },
};
