import { OWN_KEY } from "@/session/me";

const ADMIN = [...OWN_KEY, "admin"] as const;

/** Where in the cache the administration keeps what it shows; it goes when somebody signs out. */
export const KEYS = {
  sync: [...ADMIN, "sync"],
  races: [...ADMIN, "races"],
  series: [...ADMIN, "series"],
  awards: [...ADMIN, "awards"],
  links: [...ADMIN, "links"],
  users: [...ADMIN, "users"],
  quarantine: [...ADMIN, "quarantine"],
  audit: [...ADMIN, "audit"],
  preview: [...ADMIN, "preview"],
  requests: [...ADMIN, "requests"],
  keys: [...ADMIN, "keys"],
} as const;
