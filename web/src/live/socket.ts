import { type Outcome, parseFrame, type TopicFrame } from "./protocol";

export type ConnectionState = "connecting" | "open" | "lost";

export interface LiveSocketOptions {
  url: string;
  /** The version of a topic that the cache holds, if any. */
  heldVersion: (topic: string) => number | undefined;
  onFrame: (frame: TopicFrame) => Outcome;
  /** The server's time, in milliseconds; `first` after each connection. */
  onServerTime?: (milliseconds: number, first: boolean) => void;
  random?: () => number;
}

// Proxies drop a connection that was silent for 30 s or more.
const PING_EVERY = 25_000;
const PONG_WITHIN = 8_000;
const FIRST_RETRY = 500;
const LAST_RETRY = 30_000;
// Going from one page to another lets a topic go and takes it again; that need not reach the server.
const LINGER = 1_000;

/**
 * The one connection to `/ws`. It counts who watches a topic, comes back by itself when it is lost,
 * and resumes each topic from the version that is held. What it receives it hands on and forgets.
 */
export class LiveSocket {
  #socket: WebSocket | null = null;
  #state: ConnectionState = "connecting";
  #watchers = new Map<string, number>();
  /** By topic: how often in a row the server was not ready for it. */
  #refusals = new Map<string, number>();
  #subscribed = new Set<string>();
  #listeners = new Set<() => void>();
  #failures = 0;
  #sawPong = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: ReturnType<typeof setTimeout> | undefined;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly options: LiveSocketOptions) {}

  get state(): ConnectionState {
    return this.#state;
  }

  /** Call back on every change of `state`; returns the way to stop. */
  onState(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (!this.#socket) this.#connect();
  }

  stop(): void {
    this.#clearTimers();
    this.#subscribed.clear();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
    this.#setState("connecting");
  }

  /** Watch a topic until the returned function is called. */
  watch(topic: string): () => void {
    this.#watchers.set(topic, (this.#watchers.get(topic) ?? 0) + 1);
    this.#subscribe(topic);
    let released = false;
    return () => {
      if (released) return;
      released = true;
      this.#watchers.set(topic, (this.#watchers.get(topic) ?? 1) - 1);
      setTimeout(() => this.#letGo(topic), LINGER);
    };
  }

  /** The page is looked at again, or the network is back: find out now whether the connection lives. */
  wake(): void {
    if (this.#state === "open") this.#ping();
    else if (this.#retry !== undefined) this.#connect();
  }

  #connect(): void {
    this.#clearTimers();
    const socket = new WebSocket(this.options.url);
    this.#socket = socket;
    const current = (act: () => void) => () => {
      if (this.#socket === socket) act();
    };
    socket.onopen = current(() => this.#opened());
    socket.onclose = current(() => this.#lost());
    socket.onmessage = (event: MessageEvent) => {
      if (this.#socket === socket && typeof event.data === "string") this.#received(event.data);
    };
  }

  #opened(): void {
    this.#sawPong = false;
    this.#setState("open");
    for (const [topic, watchers] of this.#watchers) if (watchers > 0) this.#subscribe(topic);
    this.#ping();
  }

  #lost(): void {
    this.#clearTimers();
    this.#subscribed.clear();
    this.#setState("lost");
    this.#retry = setTimeout(() => this.#connect(), this.#waitAfter(this.#failures));
    this.#failures += 1;
  }

  #waitAfter(failures: number): number {
    const ceiling = Math.min(LAST_RETRY, FIRST_RETRY * 2 ** failures);
    // Half fixed, half by chance: a thousand pages must not come back in the same instant.
    return ceiling / 2 + (this.options.random ?? Math.random)() * (ceiling / 2);
  }

  #received(text: string): void {
    // The connection is good only once the server speaks; an accepting proxy alone proves nothing.
    this.#failures = 0;
    clearTimeout(this.#deadline);
    const parsed = parseFrame(text);
    if (parsed.kind === "pong" && parsed.now !== null) {
      this.options.onServerTime?.(parsed.now, !this.#sawPong);
      this.#sawPong = true;
    } else if (parsed.kind === "denied") {
      this.#watchers.delete(parsed.topic);
      this.#subscribed.delete(parsed.topic);
    } else if (parsed.kind === "later") {
      const refusals = this.#refusals.get(parsed.topic) ?? 0;
      this.#refusals.set(parsed.topic, refusals + 1);
      setTimeout(() => this.#askAgain(parsed.topic), this.#waitAfter(refusals));
    } else if (parsed.kind === "topic") {
      const { topic } = parsed.frame;
      this.#refusals.delete(topic);
      if (this.options.onFrame(parsed.frame) === "resync")
        this.#send({ type: "subscribe", topic, mode: "delta" });
    }
  }

  #subscribe(topic: string): void {
    if (this.#state !== "open" || this.#subscribed.has(topic)) return;
    this.#subscribed.add(topic);
    this.#send({ type: "subscribe", topic, version: this.options.heldVersion(topic), mode: "delta" });
  }

  /** The server could not answer for a topic when it was asked; it still starts, or its database is away. */
  #askAgain(topic: string): void {
    this.#subscribed.delete(topic);
    if ((this.#watchers.get(topic) ?? 0) > 0) this.#subscribe(topic);
  }

  #letGo(topic: string): void {
    if ((this.#watchers.get(topic) ?? 0) > 0) return;
    this.#watchers.delete(topic);
    if (this.#subscribed.delete(topic)) this.#send({ type: "unsubscribe", topic });
  }

  #ping(): void {
    clearTimeout(this.#heartbeat);
    clearTimeout(this.#deadline);
    this.#heartbeat = setTimeout(() => this.#ping(), PING_EVERY);
    this.#deadline = setTimeout(() => this.#abandon(), PONG_WITHIN);
    this.#send({ type: "ping" });
  }

  /** A phone that slept keeps a dead connection "open"; its close event may take minutes. */
  #abandon(): void {
    const socket = this.#socket;
    this.#lost();
    this.#socket = null;
    socket?.close();
  }

  #send(message: object): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #setState(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #clearTimers(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#heartbeat);
    clearTimeout(this.#deadline);
    this.#retry = undefined;
  }
}
