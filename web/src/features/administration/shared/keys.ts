/** Where in the cache the administration keeps what it shows. */
export const KEYS = {
  all: ["admin"],
  sync: ["admin", "sync"],
  races: ["admin", "races"],
  series: ["admin", "series"],
  awards: ["admin", "awards"],
  links: ["admin", "links"],
  users: ["admin", "users"],
  quarantine: ["admin", "quarantine"],
  audit: ["admin", "audit"],
  keys: ["admin", "keys"],
} as const;
