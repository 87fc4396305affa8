export const ACT =
  "inline-flex min-h-11 items-center justify-center rounded-md bg-brand px-4 font-semibold text-coal hover:brightness-95 disabled:opacity-50";
export const DANGER =
  "inline-flex min-h-11 items-center justify-center rounded-md border border-fall px-4 font-semibold text-fall hover:bg-raised disabled:opacity-50";
export const QUIET =
  "inline-flex min-h-11 items-center justify-center rounded-md border border-line px-4 font-medium hover:bg-raised disabled:opacity-50";
