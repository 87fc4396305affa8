import { dateTime } from "@/lib/format";

/** An instant in the reader's zone, exact when it is pointed at. */
export function Time({ at }: { at: string | null }) {
  if (!at) return <>–</>;
  return (
    <time dateTime={at} title={at}>
      {dateTime(at)}
    </time>
  );
}
