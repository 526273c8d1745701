import mongoose from 'mongoose';
import type { Logger } from '../logging/logger.js';

/**
 * Client options of PROTOCOLS 1: `timeoutMS` does nothing in this driver, so a suspended store is met with short timeouts here
 * and an outer deadline in `inTransaction`.
 */
const CLIENT_OPTIONS = {
  w: 'majority',
  journal: true,
  bufferCommands: false,
  serverSelectionTimeoutMS: 2_000,
  connectTimeoutMS: 2_000,
  heartbeatFrequencyMS: 2_000,
  socketTimeoutMS: 10_000,
  waitQueueTimeoutMS: 3_000,
  maxPoolSize: 50,
  autoCreate: false,
  autoIndex: false,
} as const;

/** The store is unfit; the message says what to do. */
export class StoreUnfitError extends Error {
  override readonly name = 'StoreUnfitError';
}

/**
 * Connects the models to the store and checks that it can keep our promises.
 * @throws StoreUnfitError for a stand-alone server, which has no transactions.
 */
export async function connectStore(uri: string, logger: Logger): Promise<mongoose.Connection> {
  mongoose.set('strictQuery', 'throw');
  mongoose.set('sanitizeFilter', false);
  await mongoose.connect(uri, CLIENT_OPTIONS);
  const { connection } = mongoose;
  await refuseStandalone(connection);
  await warnOfLongTransactions(connection, logger);
  return connection;
}

async function refuseStandalone(connection: mongoose.Connection): Promise<void> {
  const hello = await connection.db?.command({ hello: 1 });
  if (typeof hello?.['setName'] === 'string' || hello?.['msg'] === 'isdbgrid') return;
  throw new StoreUnfitError(
    'MongoDB runs as a stand-alone server and cannot do transactions. Start it with --replSet rs0 and run once: ' +
      `mongosh --eval 'rs.initiate()'. One node is enough.`,
  );
}

async function warnOfLongTransactions(connection: mongoose.Connection, logger: Logger): Promise<void> {
  try {
    const answer = await connection.db?.admin().command({ getParameter: 1, transactionLifetimeLimitSeconds: 1 });
    const seconds: unknown = answer?.['transactionLifetimeLimitSeconds'];
    if (typeof seconds === 'number' && seconds > 10) {
      logger.warn(
        'store',
        'transactionLifetimeLimitSeconds is long: a killed process blocks its conversation that long. Set it to 5.',
        {
          seconds,
        },
      );
    }
  } catch (error) {
    logger.debug('store', 'transactionLifetimeLimitSeconds cannot be read', { error });
  }
}

/** Closes the models' connection. */
export const disconnectStore = (): Promise<void> => mongoose.disconnect();
