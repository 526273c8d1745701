import type { Environment } from './environment.js';

const KEY = Buffer.from('format');
/** Version of the layout of keys and values; raised when an older program could not read the data. */
const FORMAT = 1;

/** Stamps a new data file with the format's version. Throws for a file that a newer version wrote. */
export async function checkFormat(environment: Environment): Promise<void> {
  const stored = environment.get('meta', KEY);
  if (stored === undefined) {
    await environment.write((writer) => writer.put('meta', KEY, Buffer.from(String(FORMAT))));
    return;
  }
  const version = Number(stored.toString());
  if (version !== FORMAT) {
    throw new Error(
      `The data was written in format ${stored.toString()}, and this version reads format ${FORMAT}; use the version that wrote it`,
    );
  }
}
