import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { serialize, type Document } from 'bson';

const HEADER_BYTES = 16;
const OP_MSG = 2013;

/** One command as an OP_MSG frame (MongoDB wire protocol). */
export function frameOf(command: Document): Buffer {
  const body = serialize(command);
  const frame = Buffer.alloc(HEADER_BYTES + 5 + body.length);
  frame.writeInt32LE(frame.length, 0);
  frame.writeInt32LE(1, 4);
  frame.writeInt32LE(OP_MSG, 12);
  frame.set(body, HEADER_BYTES + 5);
  return frame;
}

/**
 * A client that sends prepared frames and looks at nothing but the length of an answer, so that it costs the same whatever
 * is asked: a driver spends more on a found document than the store does, and would hide what the store spends.
 */
export class WireClient {
  private readonly free: Socket[] = [];

  constructor(private readonly port: number) {}

  /** Sends a frame on a connection of its own and gives the size of the answer, in bytes. */
  async request(frame: Buffer): Promise<number> {
    const socket = this.free.pop() ?? (await this.open());
    const size = await new Promise<number>((resolve, reject) => {
      let received = 0;
      let size = 0;
      const receive = (chunk: Buffer): void => {
        if (received === 0) size = chunk.readInt32LE(0);
        received += chunk.length;
        if (received < size) return;
        socket.off('data', receive).off('error', reject);
        resolve(size);
      };
      socket.on('data', receive).on('error', reject);
      socket.write(frame);
    });
    this.free.push(socket);
    return size;
  }

  private async open(): Promise<Socket> {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    await once(socket, 'connect');
    return socket;
  }
}
