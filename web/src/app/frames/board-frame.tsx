import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Period } from "@/api/types";
import { FrameView } from "@/features/frames/components/frame-view";
import { boardQuery, firstPage } from "@/features/leaderboard/api/get-leaderboard";
import { boardTopic } from "@/features/leaderboard/live/apply-board-frame";
import { count } from "@/lib/format";
import { useTopic } from "@/live/live-context";
import { texts } from "@/texts";
import { boardRows } from "./rows";

/** A leaderboard on another site. */
export function BoardFrame({ period, top }: { period: Period; top: number }) {
  const { data } = useQuery(boardQuery(firstPage(period)));
  useTopic(data ? boardTopic(period) : null);
  const title = texts.info.frames.boardTitle(texts.periods[period]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  if (!data) return null;
  return (
    <FrameView
      title={title}
      below={texts.info.frames.top(count(top))}
      rows={boardRows(data, period, top)}
      list={period}
      version={data.metadata.version}
      asOf={data.metadata.asOf}
      address={`/leaderboard?period=${period}`}
    />
  );
}
