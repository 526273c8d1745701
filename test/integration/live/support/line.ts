import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A network between a client and the hub that a test can cut: open connections break, new ones fail. */
export class Line {
  readonly #hubPort: number;
  readonly #open = new Set<Socket>();
  #isCut = false;
  readonly #server = createServer((near) => this.#carry(near));

  private constructor(hubUrl: string) {
    this.#hubPort = Number(new URL(hubUrl).port);
  }

  static async to(hubUrl: string): Promise<Line> {
    const line = new Line(hubUrl);
    await new Promise<void>((resolve) => line.#server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#open) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #carry(near: Socket): void {
    if (this.#isCut) return void near.destroy();
    const far = connect(this.#hubPort, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#open.add(one);
      one.on('error', () => one.destroy());
      one.on('close', () => {
        this.#open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}
