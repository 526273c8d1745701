/** Colours that a label may have; each page gives them tones that can be told from its backgrounds. */
export const LABEL_COLOURS = [
  'red',
  'orange',
  'yellow',
  'green',
  'teal',
  'blue',
  'violet',
  'pink',
  'brown',
  'grey',
] as const;
export type LabelColour = (typeof LABEL_COLOURS)[number];

/** How much of them there may be. Lengths in characters. */
export const LABEL_LIMITS = { title: 40, description: 200, ofCompany: 200, ofConversation: 20 } as const;
