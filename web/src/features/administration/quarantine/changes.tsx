import { DataTable } from "@/components/ui/data-table";
import { Panel } from "@/components/ui/panel";
import { count, money } from "@/lib/format";
import { texts } from "@/texts";
import { adminTexts } from "@/texts/en/admin";
import { Facts } from "../shared/facts";
import type { Comparison } from "../shared/types";

const text = adminTexts.quarantine;

/** What a report says that the last good one did not: sums, and the players that matter most. */
export function Changes({ comparison: held }: { comparison: Comparison }) {
  const windows: Record<string, string> = texts.periods;
  return (
    <>
      <Panel id="changes" title={text.changes}>
        <Facts
          facts={[
            [text.against, held.runId === null ? text.nothingBefore : text.runOf(String(held.runId))],
            [text.listed, text.from(count(held.listedBefore), count(held.listed))],
            [text.changed, count(held.changedCount)],
            [text.zeroed, count(held.zeroedCount)],
          ]}
        />
        <DataTable
          label={text.sums}
          rows={held.sums}
          keyOf={({ window }) => window}
          columns={[
            { title: text.window, cell: ({ window }) => windows[window] ?? window },
            { title: text.before, cell: ({ before }) => money(before), right: true },
            { title: text.now, cell: ({ now }) => money(now), right: true },
            {
              title: text.claimed,
              cell: ({ claimed }) => (claimed === null ? "–" : money(claimed)),
              right: true,
            },
          ]}
        />
      </Panel>
      {held.fallenCount > 0 && (
        <Panel id="fallen" title={text.fallen(count(held.fallenCount))}>
          <DataTable
            label={text.fallen(count(held.fallenCount))}
            rows={held.fallen}
            keyOf={({ goatedId }) => goatedId}
            columns={[
              { title: text.player, cell: ({ username }) => username },
              { title: text.before, cell: ({ before }) => money(before), right: true },
              { title: text.now, cell: ({ now }) => money(now), right: true },
            ]}
          />
        </Panel>
      )}
      <Listed id="gone" title={text.gone(count(held.goneCount))} players={held.gone} />
      <Listed id="new" title={text.new(count(held.newCount))} players={held.new} />
      {held.rejectedCount > 0 && (
        <Panel id="rejected" title={text.unreadable(count(held.rejectedCount))}>
          <DataTable
            label={text.unreadable(count(held.rejectedCount))}
            rows={held.rejected}
            keyOf={({ excerpt, reason }) => `${excerpt} ${reason}`}
            columns={[
              { title: text.player, cell: ({ goatedId }) => goatedId ?? "–" },
              { title: text.why, cell: ({ reason }) => reason },
              { title: text.excerpt, cell: ({ excerpt }) => <code className="break-all">{excerpt}</code> },
            ]}
          />
        </Panel>
      )}
    </>
  );
}

interface ListedProps {
  id: string;
  title: string;
  players: Comparison["gone"];
}

function Listed({ id, title, players }: ListedProps) {
  if (players.length === 0) return null;
  return (
    <Panel id={id} title={title}>
      <DataTable
        label={title}
        rows={players}
        keyOf={({ goatedId }) => goatedId}
        columns={[
          { title: text.player, cell: ({ username }) => username },
          { title: texts.periods.all_time, cell: ({ allTime }) => money(allTime), right: true },
        ]}
      />
    </Panel>
  );
}
