const DATABASE = 'switchboard';

/** The embedded store's address as it says it, with our database put in. */
export function ownStoreUri(said: string): string {
  const uri = new URL(said);
  uri.pathname = `/${DATABASE}`;
  return uri.href;
}
