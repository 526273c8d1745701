import { createConnection, type Socket } from 'node:net';
import mongoose from 'mongoose';

const { BSON } = mongoose.mongo;

type Command = mongoose.mongo.Document;

/** An OP_MSG with one body section. */
export function messageOf(command: Command, requestId = 1, flags = 0): Buffer {
  const body = BSON.serialize(command);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(requestId, 4);
  head.writeInt32LE(2013, 12);
  head.writeUInt32LE(flags, 16);
  return Buffer.concat([head, body]);
}

/** A connection that sends bytes as they are, without a driver's additions. */
export class RawClient {
  private received = Buffer.alloc(0);
  private waiting: Array<(answer: Command | undefined) => void> = [];
  private closed = false;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk) => {
      this.received = Buffer.concat([this.received, chunk]);
      this.deliver();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.closed = true;
      this.deliver();
    });
  }

  static async open(uri: string): Promise<RawClient> {
    const { port } = new URL(uri.replace('mongodb:', 'http:'));
    const socket = createConnection(Number(port), '127.0.0.1');
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawClient(socket);
  }

  /** The next answer; undefined when the server closed the connection instead. */
  answer(): Promise<Command | undefined> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.deliver();
    });
  }

  write(bytes: Buffer): void {
    this.socket.write(bytes);
  }

  /** Writes bytes and waits for one answer. */
  send(bytes: Buffer): Promise<Command | undefined> {
    this.write(bytes);
    return this.answer();
  }

  async command(command: Command): Promise<Command> {
    const answer = await this.send(messageOf(command));
    if (answer === undefined) throw new Error('the connection was closed');
    return answer;
  }

  close(): void {
    this.socket.destroy();
  }

  private deliver(): void {
    while (this.waiting.length > 0 && this.received.length >= 4) {
      const length = this.received.readInt32LE(0);
      if (this.received.length < length) break;
      const opCode = this.received.readInt32LE(12);
      const body = this.received.subarray(opCode === 1 ? 36 : 21, length);
      this.waiting.shift()?.(BSON.deserialize(body));
      this.received = this.received.subarray(length);
    }
    if (this.closed) for (const resolve of this.waiting.splice(0)) resolve(undefined);
  }
}
