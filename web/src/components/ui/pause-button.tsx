import { texts } from "@/texts";
import { QUIET_BUTTON } from "./states";

interface PauseButtonProps {
  paused: boolean;
  behind: boolean;
  toggle: () => void;
}

/** Stops what moves by itself, and says while it stands still. */
export function PauseButton({ paused, behind, toggle }: PauseButtonProps) {
  return (
    <>
      <button type="button" onClick={toggle} className={`${QUIET_BUTTON} gap-2`}>
        <svg viewBox="0 0 16 16" className="size-4 fill-current" aria-hidden="true">
          <path d={paused ? "M3 2l11 6-11 6z" : "M3 2h4v12H3zM9 2h4v12H9z"} />
        </svg>
        {paused ? texts.pause.resume : texts.pause.pause}
      </button>
      <span role="status" className="text-sm text-muted">
        {paused && (behind ? texts.pause.behind : texts.pause.paused)}
      </span>
    </>
  );
}
