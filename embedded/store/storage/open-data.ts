import { Environment } from './environment.js';
import { DamagedFileError, prepareDataFile } from './file-check.js';
import { checkFormat } from './format.js';
import { dropUnfinishedIndexes } from './maintenance.js';
import { Store } from './store.js';
import { verify } from './verify.js';

/** An opened data directory. */
export interface OpenData {
  environment: Environment;
  store: Store;
}

/** How to open it. */
export interface OpenOptions {
  /** Opens a damaged file too, for the tools that look into it. */
  evenIfDamaged?: boolean;
  /** False leaves the flushing of commits to the system. */
  flush?: boolean;
}

/**
 * Opens the data in a directory that the caller has locked. A file that looks cut off is verified first. Throws
 * {@link DamagedFileError} for a damaged file, and an error that names the version for data of another format.
 */
export async function openData(directory: string, options: OpenOptions = {}): Promise<OpenData> {
  const suspect = prepareDataFile(directory);
  let environment: Environment | undefined;
  try {
    environment = Environment.open(directory, options.flush ?? true);
    await checkFormat(environment);
    const store = new Store(environment);
    if (suspect && options.evenIfDamaged !== true) await requireSound(store);
    await dropUnfinishedIndexes(store);
    return { environment, store };
  } catch (error) {
    await environment?.close();
    throw asDamage(error);
  }
}

async function requireSound(store: Store): Promise<void> {
  const { problems } = await verify(store);
  if (problems[0] !== undefined) throw new DamagedFileError(`${problems.length} faults, the first: ${problems[0]}`);
}

/** LMDB's own words for pages that are not what they should be. */
function asDamage(error: unknown): unknown {
  const message = String(error);
  return /MDB_(CORRUPTED|INVALID|PAGE_NOTFOUND|PANIC|VERSION_MISMATCH)/.test(message)
    ? new DamagedFileError(message)
    : error;
}
