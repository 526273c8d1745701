import type { ConversationStatus } from '../src/shared/conversation-status.js';
import type { LabelColour } from '../src/shared/labels.js';

/** A conversation of the demo company. `by` is `visitor` or a member's e-mail; `after` counts minutes from its beginning. */
export interface Story {
  visitor: { name: string; email: string };
  minutesAgo: number;
  lines: { by: string; text: string; after?: number; note?: boolean }[];
  /** Put on at its end. */
  labels?: { by: string; titles: string[] };
  endsAs?: ConversationStatus;
}

/** Labels of the demo company. */
export const DEMO_LABELS: readonly { title: string; colour: LabelColour }[] = [
  { title: 'Workshop', colour: 'blue' },
  { title: 'Delivery', colour: 'orange' },
  { title: 'Cargo bike', colour: 'green' },
  { title: 'Return', colour: 'red' },
];

const MARA = 'mara@radhaus.example';
const TOMASZ = 'tomasz@radhaus.example';
const JONAS = 'jonas@radhaus.example';

export const DEMO_STORIES: readonly Story[] = [
  {
    visitor: { name: 'Helena Brandt', email: 'helena.brandt@mail.example' },
    minutesAgo: 2_890,
    lines: [
      { by: 'visitor', text: 'Hi, do you have the Nordwind touring bike in size M? The shop page only shows L.' },
      {
        by: MARA,
        text: 'Hello Helena! We have one M left in the workshop, in slate blue. Shall I put it aside for you?',
        after: 6,
      },
      { by: 'visitor', text: 'Yes please, I can come by on Thursday after work.', after: 9 },
      { by: MARA, text: 'It is reserved under your name until Saturday. See you on Thursday!', after: 11 },
      { by: 'visitor', text: 'Perfect, thank you.', after: 12 },
    ],
    endsAs: 'resolved',
  },
  {
    visitor: { name: 'Ivo Marek', email: 'ivo@marek.example' },
    labels: { by: JONAS, titles: ['Delivery'] },
    minutesAgo: 1_310,
    lines: [
      { by: 'visitor', text: 'My order 5512 says “shipped” since Monday, but the tracking link shows nothing.' },
      {
        by: TOMASZ,
        text: 'Sorry about that, Ivo. The carrier scanned the parcel late: it is in Leipzig and should reach you tomorrow.',
        after: 14,
      },
      {
        by: TOMASZ,
        text: 'Carrier confirmed by phone, depot Leipzig. If nothing arrives by Friday, send a replacement without asking again.',
        after: 15,
        note: true,
      },
      { by: 'visitor', text: 'Okay, then I will wait for it.', after: 31 },
    ],
    endsAs: 'pending',
  },
  {
    visitor: { name: 'Sabine Auer', email: 'sabine.auer@mail.example' },
    labels: { by: JONAS, titles: ['Workshop'] },
    minutesAgo: 95,
    lines: [
      {
        by: 'visitor',
        text: 'Good morning! The brakes of my e-bike squeal since the last service. Is that something you can look at this week?',
      },
      {
        by: MARA,
        text: 'Good morning Sabine. That should not happen. Does it squeal at the front, the rear, or both?',
        after: 8,
      },
      { by: 'visitor', text: 'Only at the front, mostly when it is wet.', after: 19 },
      {
        by: MARA,
        text: 'Then the pads probably caught some oil. Come by tomorrow between 9 and 11 and we change them, free of charge.',
        after: 24,
      },
      { by: 'visitor', text: 'Tomorrow at 9:30 works. Do I need to bring the receipt?', after: 71 },
    ],
  },
  {
    visitor: { name: 'Deniz Yılmaz', email: 'deniz.y@mail.example' },
    labels: { by: JONAS, titles: ['Cargo bike'] },
    minutesAgo: 41,
    lines: [
      { by: 'visitor', text: 'Hello, is the cargo bike in the photo available for a test ride on Saturday?' },
      {
        by: 'visitor',
        text: 'There would be two of us, and a four-year-old who wants to sit in the front 🙂',
        after: 1,
      },
    ],
  },
  {
    visitor: { name: 'Pauline Girard', email: 'p.girard@mail.example' },
    minutesAgo: 12,
    lines: [
      { by: 'visitor', text: 'Do you also repair bikes that were not bought from you? My rear derailleur is bent.' },
    ],
  },
  {
    visitor: { name: 'Oskar Lind', email: 'oskar.lind@mail.example' },
    labels: { by: JONAS, titles: ['Return'] },
    minutesAgo: 7_300,
    lines: [
      { by: 'visitor', text: 'Can I return a helmet that is too small if I have already taken the tags off?' },
      {
        by: JONAS,
        text: 'Yes, within 30 days, as long as it was not worn outside. Just send it back with the order number.',
        after: 22,
      },
    ],
    endsAs: 'closed',
  },
];
