import createClient, { type Middleware } from "openapi-fetch";
import { serverClock } from "@/lib/server-clock";
import type { paths } from "./schema";

/** An answer that is not the one asked for; `status` is 0 when none came at all. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly requestId: string | null,
    detail: string,
  ) {
    super(detail);
    this.name = "ApiError";
  }
}

const readClock: Middleware = {
  onResponse({ response }) {
    const date = Date.parse(response.headers.get("date") ?? "");
    // An answer that was kept for times without a connection tells when it was given, and how long ago.
    const kept = response.headers.get("x-kept-for");
    if (Number.isNaN(date)) return;
    if (kept === null) serverClock.observeHeader(date);
    else serverClock.observe(date + Number(kept));
  },
};

export const api = createClient<paths>({
  baseUrl: window.location.origin,
  // Looked up at each call, so that a test's fake network is seen.
  fetch: (request) => globalThis.fetch(request),
});
api.use(readClock);

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Return the body, or throw an `ApiError` made of the problem document. */
export async function read<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await answer.catch((cause: unknown) => {
    throw new ApiError(0, "No answer", null, String(cause));
  });
  if (data !== undefined) return data;
  const problem = typeof error === "object" && error !== null ? (error as Record<string, unknown>) : {};
  throw new ApiError(
    response.status,
    String(problem.title ?? response.statusText),
    typeof problem.requestId === "string" ? problem.requestId : null,
    String(problem.detail ?? problem.title ?? response.statusText),
  );
}

/** Like `read`, but null when the server knows of no such thing. */
export async function readIfAny<Data>(answer: Promise<Answer<Data>>): Promise<Data | null> {
  try {
    return await read(answer);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return null;
    throw error;
  }
}
