/** By this header the server knows that a page of ours writes, and no other (goatedvips/accounts/gate.py). */
const HEADER = "X-CSRF-Token";
const READS = new Set(["GET", "HEAD", "OPTIONS"]);

let token: string | null = null;

/** Remember the session's token; null when nobody is signed in. */
export function holdCsrfToken(given: string | null): void {
  token = given;
}

/**
 * Fetch as a page of ours: writes carry the session's token. One of a session before, which another tab
 * has replaced, is asked for anew, and the write is sent once more.
 */
export async function fetchAsOurs(request: Request): Promise<Response> {
  if (READS.has(request.method)) return globalThis.fetch(request);
  const again = request.clone();
  const answer = await send(request);
  if (answer.status !== 403 || (await fieldOf(answer, "code")) !== "csrf_token_needed") return answer;
  const me = await globalThis.fetch(new Request(new URL("/api/auth/me", again.url)));
  const fresh = me.ok ? await fieldOf(me, "csrfToken") : null;
  if (typeof fresh !== "string") return answer;
  token = fresh;
  return send(again);
}

function send(request: Request): Promise<Response> {
  if (token !== null) request.headers.set(HEADER, token);
  return globalThis.fetch(request);
}

async function fieldOf(answer: Response, name: string): Promise<unknown> {
  const body: Record<string, unknown> | null = await answer
    .clone()
    .json()
    .catch(() => null);
  return body?.[name];
}
