/**
 * A property of the document as the browser itself knows it. Elements of the page can take the place of its properties by
 * their names (`<img name="currentScript">`), and what visitors write may hold such elements.
 */
export const ofDocument = <K extends 'body' | 'currentScript' | 'documentElement'>(name: K): Document[K] =>
  Reflect.get(Document.prototype, name, document) as Document[K];
