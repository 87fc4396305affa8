import { EmptyState, QUIET_BUTTON } from "@/components/ui/states";
import { texts } from "@/texts";
import type { BoardAddress } from "./board-address";

interface NoRowsProps {
  address: BoardAddress;
  go: (change: Partial<BoardAddress>) => void;
}

/** Why there are no rows: no hit, or nobody at all. */
export function NoRows({ address: { search }, go }: NoRowsProps) {
  if (search) {
    return (
      <EmptyState title={texts.board.noHit.title(search)} text={texts.board.noHit.text}>
        <button type="button" className={QUIET_BUTTON} onClick={() => go({ search: "" })}>
          {texts.board.clear}
        </button>
      </EmptyState>
    );
  }
  return <EmptyState {...texts.board.none} />;
}
