import { useId, useState } from "react";
import { dateTime, dateTimeIn } from "@/lib/format";
import { texts } from "@/texts";

interface MomentProps {
  at: string;
  /** The IANA zone whose midnight counts. */
  zone: string;
}

/** An instant in the reader's own time; hovered, focused or pressed it says both times. */
export function Moment({ at, zone }: MomentProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const here = dateTime(at);
  return (
    <span className="relative inline-block">
      <button
        type="button"
        aria-describedby={open ? id : undefined}
        onPointerEnter={({ pointerType }) => pointerType === "mouse" && setOpen(true)}
        onPointerLeave={({ pointerType }) => pointerType === "mouse" && setOpen(false)}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onClick={() => setOpen(true)}
        onKeyDown={({ key }) => key === "Escape" && setOpen(false)}
        className="cursor-help underline decoration-dotted underline-offset-4 after:absolute after:-inset-x-1 after:-inset-y-3"
      >
        <time dateTime={at}>{here}</time>
      </button>
      {open && (
        <span
          id={id}
          role="tooltip"
          className="absolute top-full left-0 z-30 mt-2 grid w-max max-w-[80vw] gap-0.5 rounded-md border border-line bg-panel px-3 py-2 text-sm font-normal text-ink shadow-lg"
        >
          <span>{texts.zones.yours(here)}</span>
          <span>{texts.zones.its(zone, dateTimeIn(at, zone))}</span>
        </span>
      )}
    </span>
  );
}
