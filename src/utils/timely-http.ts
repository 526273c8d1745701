import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import type { AxiosInstance } from 'axios';

type Give = (error: Error | null, socket: Duplex) => void;

/** As Node's own agents; idle connections are kept for 5 s. */
const KEPT = { keepAlive: true, timeout: 5_000 } as const;

/** Hands a connection over only once it is open, so that a request that has its socket writes at once. */
class OpenHttpAgent extends http.Agent {
  override createConnection(options: http.ClientRequestArgs, give: Give): null {
    return whenOpen(super.createConnection(options), 'connect', give);
  }
}

/** The same for TLS, handshake included. */
class OpenHttpsAgent extends https.Agent {
  override createConnection(options: https.RequestOptions, give: Give): null {
    return whenOpen(super.createConnection(options), 'secureConnect', give);
  }
}

function whenOpen(socket: Duplex | null | undefined, event: 'connect' | 'secureConnect', give: Give): null {
  if (!socket) throw new Error('Node made no connection.');
  const fail = (error: Error): void => give(error, socket);
  socket.once('error', fail);
  socket.once(event, () => {
    socket.off('error', fail);
    give(null, socket);
  });
  return null;
}

const httpAgent = new OpenHttpAgent(KEPT);
const httpsAgent = new OpenHttpsAgent(KEPT);

/**
 * A client whose requests are given up, unwritten, when they are no longer wanted at the moment at which they would be written: a
 * process may be suspended while it connects, and on waking would send what another has sent meanwhile (PROTOCOLS 7).
 */
export const writtenOnlyWhile = (client: AxiosInstance, isWanted: () => boolean): AxiosInstance =>
  client.create({
    transport: {
      request: (options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
        const secure = options.protocol === 'https:';
        const made = secure
          ? https.request({ ...options, agent: httpsAgent }, onResponse)
          : http.request({ ...options, agent: httpAgent }, onResponse);
        // Node writes right after this event, in the same turn.
        made.once('socket', () => {
          if (!isWanted()) made.destroy(new Error('too late to be sent'));
        });
        return made;
      },
    },
  });
