import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

interface Props {
  /** A player's id or uid; what the server gives for whoever hides himself leads nowhere. */
  id: number | string | null;
  className: string;
  children: ReactNode;
}

/** A player's name, which leads to his page unless he hides it. */
export function PlayerLink({ id, className, children }: Props) {
  if (id === null || (typeof id === "string" && id.startsWith("hidden-"))) {
    return <span className={className.replace("hover:underline", "text-muted")}>{children}</span>;
  }
  return (
    <Link to="/players/$id" params={{ id: String(id) }} className={className}>
      {children}
    </Link>
  );
}
