const USER = 'switchboard';
const DATABASE = 'switchboard';

/** The embedded store's address as it says it, with our user and database put in; users live in `admin`. */
export function ownStoreUri(said: string, password: string): string {
  const uri = new URL(said);
  uri.username = USER;
  uri.password = password;
  uri.pathname = `/${DATABASE}`;
  uri.searchParams.set('authSource', 'admin');
  return uri.href;
}
