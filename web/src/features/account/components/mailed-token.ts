import { useState } from "react";

/** Return the token that a mail's link carries behind its #, and take it out of the address at once. */
export function useMailedToken(): string | null {
  const [token] = useState(() => window.location.hash.slice(1) || null);
  if (token !== null && window.location.hash) {
    window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  }
  return token;
}
