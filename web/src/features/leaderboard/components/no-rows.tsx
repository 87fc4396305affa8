import { EmptyState, QUIET_BUTTON } from "@/components/ui/states";
import { texts } from "@/texts/en";
import type { BoardAddress } from "./board-address";

interface NoRowsProps {
  address: BoardAddress;
  go: (change: Partial<BoardAddress>) => void;
}

/** Why there are no rows: no hit, past the end, or nobody at all. */
export function NoRows({ address: { search, page }, go }: NoRowsProps) {
  if (search) {
    return (
      <EmptyState title={texts.board.noHit.title(search)} text={texts.board.noHit.text}>
        <button type="button" className={QUIET_BUTTON} onClick={() => go({ search: "", page: 1 })}>
          {texts.board.clear}
        </button>
      </EmptyState>
    );
  }
  if (page > 1) {
    return (
      <EmptyState {...texts.board.beyond}>
        <button type="button" className={QUIET_BUTTON} onClick={() => go({ page: 1 })}>
          {texts.board.first}
        </button>
      </EmptyState>
    );
  }
  return <EmptyState {...texts.board.none} />;
}
