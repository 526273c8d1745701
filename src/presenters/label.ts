import type { Label } from '../models/index.js';
import type { LabelDto } from '../shared/schemas/label.js';

/** A label as staff see it. */
export const presentLabel = ({ _id, title, colour, description }: Label): LabelDto => ({
  id: String(_id),
  title,
  colour,
  description,
});
