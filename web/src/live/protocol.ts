/** The frames of `/ws`. */

export interface TopicFrame {
  type: string;
  topic: string;
  version: number;
  /** Only on deltas: the version that the receiver must hold. */
  base?: number;
  data: unknown;
}

export type Frame =
  | { kind: "topic"; frame: TopicFrame }
  | { kind: "pong"; now: number | null }
  | { kind: "denied"; topic: string }
  | { kind: "later"; topic: string }
  | { kind: "other" };

/** What became of a frame: it is in the cache, or the whole page has to be asked for. */
export type Outcome = "kept" | "resync";

/** Read a frame; one that cannot be understood is `other`, never an error. */
export function parseFrame(text: string): Frame {
  const body = parseObject(text);
  if (body.type === "pong") return { kind: "pong", now: instant(body.now) };
  if (typeof body.type !== "string" || typeof body.topic !== "string") return { kind: "other" };
  if (body.type === "DENIED") return { kind: "denied", topic: body.topic };
  if (body.type === "ERROR" && body.code === "not_ready") return { kind: "later", topic: body.topic };
  if (typeof body.version !== "number" || typeof body.data !== "object" || body.data === null) {
    return { kind: "other" };
  }
  return { kind: "topic", frame: body as unknown as TopicFrame };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** An instant as RFC 3339 or as a number of seconds or milliseconds since 1970. */
function instant(value: unknown): number | null {
  if (typeof value === "number") return value < 1e11 ? value * 1000 : value;
  const parsed = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? null : parsed;
}
