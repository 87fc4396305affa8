const TONES = {
  good: "text-rise",
  bad: "text-fall",
  warn: "text-warn-ink",
  plain: "text-muted",
} as const;

const TONE_OF: Record<string, keyof typeof TONES> = {
  completed: "good",
  paid: "good",
  approved: "good",
  active: "good",
  ok: "good",
  live: "good",
  failed: "bad",
  rejected: "bad",
  banned: "bad",
  cancelled: "bad",
  refused: "bad",
  quarantined: "warn",
  pending: "warn",
  degraded: "warn",
  settling: "warn",
  waiting: "warn",
};

/** A status as a word with a dot of its colour. */
export function Badge({ status, children }: { status: string; children: string }) {
  return (
    <span className={`inline-flex items-center gap-1.5 font-semibold ${TONES[TONE_OF[status] ?? "plain"]}`}>
      <span aria-hidden="true" className="size-2 rounded-full bg-current" />
      {children}
    </span>
  );
}
