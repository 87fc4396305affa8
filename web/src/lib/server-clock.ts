/**
 * What the server's clock says, without asking the phone's.
 *
 * Whatever the server said its time was had been true a moment *before* we read it, so every sample is
 * a lower bound for the difference to our monotonic clock, and the greatest of them is the best: an
 * answer that lay in a cache, or a clock that stood still while the phone slept, corrects itself.
 */
export class ServerClock {
  #offset = Number.NEGATIVE_INFINITY;
  #fallback = Number.NEGATIVE_INFINITY;

  constructor(private readonly monotonic: () => number = () => performance.now()) {}

  /** Take an instant that the server's own clock named: a race's seconds left, a pong. */
  observe(serverMilliseconds: number): void {
    this.#offset = Math.max(this.#offset, serverMilliseconds - this.monotonic());
  }

  /** Take a `Date` header. A proxy may have written it, so it counts only while nothing better is known. */
  observeHeader(serverMilliseconds: number): void {
    this.#fallback = Math.max(this.#fallback, serverMilliseconds - this.monotonic());
  }

  /** Forget what was learnt, for a new connection: the server may have been set right meanwhile. */
  restart(serverMilliseconds: number): void {
    this.#offset = serverMilliseconds - this.monotonic();
  }

  /** The server's time now, in milliseconds since 1970, or null as long as it is unknown. */
  now(): number | null {
    const offset = Number.isFinite(this.#offset) ? this.#offset : this.#fallback;
    return Number.isFinite(offset) ? offset + this.monotonic() : null;
  }
}

export const serverClock = new ServerClock();
