import { texts } from "@/texts";
import { QUIET_BUTTON } from "./states";

interface MoreButtonProps {
  hasMore: boolean;
  isLoading: boolean;
  more: () => void;
}

/** Adds the next page of a list that is paged by cursor. */
export function MoreButton({ hasMore, isLoading, more }: MoreButtonProps) {
  if (!hasMore) return null;
  return (
    <div className="grid justify-center p-3">
      <button type="button" onClick={more} disabled={isLoading} className={QUIET_BUTTON}>
        {isLoading ? texts.loading : texts.more}
      </button>
    </div>
  );
}
