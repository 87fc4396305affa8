import { useMe } from "@/session/me";

export interface OwnPlayer {
  uid: string;
  name: string;
}

/** The player whom the reader's account is linked to, or null. */
export function useOwnPlayer(): OwnPlayer | null {
  const me = useMe();
  if (!me?.goatedId) return null;
  return { uid: me.goatedId, name: me.goatedUsername ?? me.username };
}
