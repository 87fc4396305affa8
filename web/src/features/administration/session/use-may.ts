import { type Permission, useMe } from "@/session/me";

/** Whether whoever is signed in may do something; the server asks the same. */
export function useMay(): (permission: Permission) => boolean {
  const me = useMe();
  return (permission) => me?.permissions.includes(permission) ?? false;
}
