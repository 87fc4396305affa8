import type { Player } from "@/api/types";
import { DataAge } from "@/components/ui/data-age";
import { Emblem } from "@/components/ui/emblem";
import { ShareButton } from "@/components/ui/share-button";
import { TierBadge } from "@/components/ui/tier-badge";
import { date } from "@/lib/format";
import { texts } from "@/texts";

/** Who it is: emblem, colour, name, what there is to be proud of, and what he says of himself. */
export function PlayerHead({ player }: { player: Player }) {
  const { username, profileColor, goatedUsername, bio } = player;
  return (
    <header className="mb-4 overflow-clip rounded-lg border border-line bg-panel">
      <title>{texts.title(username)}</title>
      <div className="h-2" style={{ backgroundColor: profileColor }} />
      <div className="flex flex-wrap items-start gap-4 p-4">
        <Emblem
          of={player.goatedId ?? String(player.id)}
          color={profileColor}
          className="size-16 sm:size-24"
        />
        <div className="grid min-w-0 flex-1 gap-2">
          <h1 className="font-display text-4xl leading-none font-bold break-words sm:text-5xl">
            <bdi>{username}</bdi>
          </h1>
          {goatedUsername && goatedUsername !== username && (
            <p className="text-sm break-all text-muted">
              {texts.player.playsAs} <bdi className="font-semibold text-ink">{goatedUsername}</bdi>
            </p>
          )}
          <Facts player={player} />
          {bio && (
            <p dir="auto" className="max-w-prose break-words whitespace-pre-line">
              {bio}
            </p>
          )}
        </div>
        <span className="flex flex-wrap items-center gap-2">
          <ShareButton title={username} />
        </span>
      </div>
    </header>
  );
}

function Facts({ player }: { player: Player }) {
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-muted tabular-nums">
      {player.tier && <TierBadge tier={player.tier.name} />}
      <span className={player.racesWon > 0 ? "font-semibold text-ink" : ""}>
        {player.racesWon > 0 ? texts.player.racesWon(player.racesWon) : texts.player.noRaceWon}
      </span>
      <span>{texts.player.since(date(player.createdAt))}</span>
      {player.goatedId && <span className="break-all">{texts.player.feedId(player.goatedId)}</span>}
      {player.wager && <DataAge asOf={player.metadata.asOf} />}
    </p>
  );
}
