/** Frames up to this size, in bytes, are buffered without asking. */
export const SMALL_FRAME_BYTES = 1024 * 1024;
/** Bytes of large frames that may be on their way at the same time, over all connections: four of the largest. */
const BUDGET_BYTES = 192_000_000;
/** Time that a client has for sending a large frame, in milliseconds, before its connection is closed. */
const PATIENCE_MS = 30_000;

interface Wish {
  readonly bytes: number;
  granted(): void;
}

/**
 * Keeps many connections from filling the memory with announced frames: large ones get room in the order they asked,
 * and who does not fill the room in time loses it.
 */
export class FrameBudget {
  private free: number;
  private readonly queue: Wish[] = [];

  /**
   * @param budgetBytes room in all; at least one frame is let in however large it is
   * @param patienceMs time for sending one frame
   */
  constructor(
    private readonly budgetBytes = BUDGET_BYTES,
    private readonly patienceMs = PATIENCE_MS,
  ) {
    this.free = budgetBytes;
  }

  /**
   * Asks for room for a frame. `granted` is called, at once or later, when there is some, and `late` when the frame
   * took too long; neither is called after the returned function, which gives up the wish or the room.
   */
  reserve(bytes: number, granted: () => void, late: () => void): () => void {
    let held = false;
    let timer: NodeJS.Timeout | undefined;
    const wish: Wish = {
      bytes: Math.min(bytes, this.budgetBytes),
      granted: () => {
        held = true;
        timer = setTimeout(late, this.patienceMs).unref();
        granted();
      },
    };
    this.queue.push(wish);
    this.serve();
    return () => {
      clearTimeout(timer);
      const at = this.queue.indexOf(wish);
      if (at >= 0) this.queue.splice(at, 1);
      if (held) this.free += wish.bytes;
      held = false;
      this.serve();
    };
  }

  private serve(): void {
    for (let next = this.queue[0]; next !== undefined && next.bytes <= this.free; next = this.queue[0]) {
      this.queue.shift();
      this.free -= next.bytes;
      next.granted();
    }
  }
}
