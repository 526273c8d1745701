import { z } from 'zod';
import { cleanLine } from '../clean-name.js';
import { LABEL_COLOURS, LABEL_LIMITS } from '../labels.js';
import { count, id } from './basics.js';

const colour = z.enum(LABEL_COLOURS);

export const labelDto = z.strictObject({ id: z.string(), title: z.string(), colour, description: z.string() });
export type LabelDto = z.infer<typeof labelDto>;

export const oneLabel = z.strictObject({ label: labelDto });
export const labelList = z.strictObject({ items: z.array(labelDto) });
/** A label with how many conversations carry it, counted up to 101. */
export const labelInUse = oneLabel.extend({ conversations: count });

const title = z.string().overwrite(cleanLine).min(1, 'is needed').max(LABEL_LIMITS.title);
const description = z.string().overwrite(cleanLine).max(LABEL_LIMITS.description);

export const newLabel = z.strictObject({ title, colour, description: description.default('') });
export type NewLabel = z.input<typeof newLabel>;

export const labelChanges = z.strictObject({
  title: title.exactOptional(),
  colour: colour.exactOptional(),
  description: description.exactOptional(),
});
export type LabelChanges = z.infer<typeof labelChanges>;

const ids = z.array(id).max(LABEL_LIMITS.ofConversation).default([]);

/** What a conversation's labels become, whatever they are: one that is named in both stays on. */
export const labelsInput = z.strictObject({ add: ids, remove: ids });
