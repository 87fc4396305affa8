interface Versioned {
  metadata: { version: number };
}

/**
 * For `structuralSharing`: an answer that was slower than the socket must not bring back an older state.
 * Equal versions take the newcomer, whose seconds left are fresher.
 */
export function keepNewest(held: unknown, next: unknown): unknown {
  if (!isVersioned(held) || !isVersioned(next)) return next;
  return next.metadata.version < held.metadata.version ? held : next;
}

function isVersioned(data: unknown): data is Versioned {
  return typeof data === "object" && data !== null && "metadata" in data;
}
