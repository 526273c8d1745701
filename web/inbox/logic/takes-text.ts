/** Kinds of `<input>` that letters do nothing in. */
const NO_TEXT = new Set(['button', 'checkbox', 'color', 'file', 'image', 'radio', 'range', 'reset', 'submit']);

/** What tells whether an element is written into. */
interface Field {
  tagName?: string;
  type?: string;
  isContentEditable?: boolean;
}

/** Whether letters typed there belong to the element: text fields, and lists that letters search. */
export function takesText({ tagName = '', type = '', isContentEditable = false }: Field): boolean {
  if (tagName === 'INPUT') return !NO_TEXT.has(type);
  return isContentEditable || tagName === 'TEXTAREA' || tagName === 'SELECT';
}

/** What arrows and Enter move or press by themselves. */
const WIDGETS = new Set(['menuitem', 'option', 'radio', 'slider', 'spinbutton', 'tab', 'treeitem']);
interface Widget extends Field {
  getAttribute?(name: string): string | null;
  closest?(selector: string): unknown;
}

/**
 * Whether arrows typed there belong to the element: fields of any kind, parts of a group that arrows move through, and what
 * says so by `data-own-arrows` because arrows scroll it.
 */
export function takesArrows(element: Widget): boolean {
  if (takesText(element) || element.tagName === 'INPUT') return true;
  return WIDGETS.has(element.getAttribute?.('role') ?? '') || Boolean(element.closest?.('[data-own-arrows]'));
}
