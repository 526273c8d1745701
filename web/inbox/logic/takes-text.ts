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
