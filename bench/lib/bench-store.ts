import { startStore } from '../../embedded/store/server.js';

/** The embedded store, with writes acknowledged after the flush or, on request, before it. Prints its connection string. */
const [dataDir = '', flush] = process.argv.slice(2);
const store = await startStore({ dataDir, flush: flush !== 'no-flush' });
console.log(JSON.stringify({ uri: store.uri }));
process.once('SIGTERM', () => void store.close().then(() => process.exit(0)));
