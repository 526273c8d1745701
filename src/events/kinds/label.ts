import type { Changed } from '../changed.js';

export interface LabelEvents {
  'label.created': { label: string };
  'label.changed': { label: string; fields: string[] };
  /** It is taken off conversations afterwards. */
  'label.deleted': { label: string };
  /** By somebody, not because a label was deleted. */
  'conversation.labelsChanged': Changed<string[]>;
}
