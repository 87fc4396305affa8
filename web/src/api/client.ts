import createClient, { type Middleware } from "openapi-fetch";
import { serverClock } from "@/lib/server-clock";
import { fetchAsOurs } from "./csrf";
import type { paths } from "./schema";

interface Problem {
  title?: string;
  detail?: string;
  code?: string;
  requestId?: string | null;
  errors?: { field: string; message: string }[] | null;
}

/** An answer that is not the one asked for; `status` is 0 when none came at all. */
export class ApiError extends Error {
  readonly title: string;
  readonly code: string;
  readonly requestId: string | null;
  /** What is wrong with each field that the server names. */
  readonly fields: Readonly<Record<string, string>>;

  constructor(
    readonly status: number,
    problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? "");
    this.name = "ApiError";
    this.title = problem.title ?? "";
    this.code = problem.code ?? "";
    this.requestId = problem.requestId ?? null;
    this.fields = Object.fromEntries((problem.errors ?? []).map(({ field, message }) => [field, message]));
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
  fetch: fetchAsOurs,
});
api.use(readClock);

interface Answer<Data> {
  data?: Data;
  error?: unknown;
  response: Response;
}

/** Return the body, or throw an `ApiError` made of the problem document. */
export async function read<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await settled(answer);
  if (data !== undefined) return data;
  throw refusal(error, response);
}

/** Wait for a write whose answer has no body; throw an `ApiError` if it was refused. */
export async function done(answer: Promise<Answer<unknown>>): Promise<void> {
  const { error, response } = await settled(answer);
  if (!response.ok) throw refusal(error, response);
}

function settled<Data>(answer: Promise<Answer<Data>>): Promise<Answer<Data>> {
  return answer.catch((cause: unknown) => {
    throw new ApiError(0, { title: "No answer", detail: String(cause) });
  });
}

function refusal(error: unknown, response: Response): ApiError {
  const problem: Problem = typeof error === "object" && error !== null ? error : {};
  return new ApiError(response.status, { ...problem, title: problem.title ?? response.statusText });
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
