/** Pixels from the end within which the reader counts as being at the end. */
const NEAR_END = 60;
/** Pixels of a message that must be in view for it to count as seen. */
const IN_VIEW = 24;

interface FollowEndOptions {
  /** The `data-seen-at` of the lowest such row whose beginning is in view. */
  onSeen: (seenAt: number) => void;
  onAtEnd: (atEnd: boolean) => void;
}

/** Keeps a scrolling thread at its end unless the reader has scrolled up, and finds out what is on screen. */
export class FollowEnd {
  private scroller: HTMLElement | null = null;
  private follows = true;

  constructor(private readonly options: FollowEndOptions) {}

  /**
   * Watches a scroller and its content; answers how to stop that. Pictures arrive after their message and push what stands
   * below them out of sight, hence the watch on sizes.
   */
  attach(scroller: HTMLElement, content: HTMLElement): () => void {
    this.scroller = scroller;
    const observer = new ResizeObserver(() => this.settle());
    observer.observe(scroller);
    observer.observe(content);
    return () => observer.disconnect();
  }

  /** The content may have changed. */
  settle(): void {
    const { scroller } = this;
    if (scroller === null || scroller.clientHeight === 0) return;
    if (this.follows) scroller.scrollTop = scroller.scrollHeight;
    const seenAt = lowestInView(scroller);
    if (seenAt > 0) this.options.onSeen(seenAt);
  }

  /** The reader has scrolled. */
  scrolled(): void {
    const { scroller } = this;
    if (scroller === null || scroller.clientHeight === 0) return;
    this.follows = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR_END;
    this.options.onAtEnd(this.follows);
    this.settle();
  }

  toEnd(): void {
    this.follows = true;
    this.settle();
  }
}

function lowestInView(scroller: HTMLElement): number {
  const { bottom } = scroller.getBoundingClientRect();
  const rows = [...scroller.querySelectorAll<HTMLElement>('[data-seen-at]')];
  const row = rows.findLast((candidate) => candidate.getBoundingClientRect().top + IN_VIEW <= bottom);
  return Number(row?.dataset.seenAt ?? 0);
}
