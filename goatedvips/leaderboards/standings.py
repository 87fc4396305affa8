"""What the boards tell about players, for those who do not know boards."""

from goatedvips.kit.windows import PERIODS
from goatedvips.leaderboards.keeper import BoardKeeper
from goatedvips.players.standing import Standing, TrueFor


class BoardStandings:
    """Standings from this process's present boards."""

    def __init__(self, keeper: BoardKeeper) -> None:
        self._keeper = keeper

    def of(self, player_id: int) -> Standing | None:
        """Return a player's standing, or None for one who came with a later run."""
        boards = self._keeper.boards
        slot = boards.slot(player_id)
        if slot is None:
            return None
        return Standing(
            amounts={period: int(boards.amounts[period][slot]) for period in PERIODS},
            ranks={period: boards.boards[period].rank(slot) for period in PERIODS},
            updated_at=boards.updated_at(slot),
            kept_tier=boards.faces.of(player_id).kept_tier,
        )

    def players_per_tier(self) -> list[int]:
        """Count the players of each tier, lowest first."""
        return self._keeper.boards.players_per_tier()

    def true_for(self) -> TrueFor:
        """Say what both are true for."""
        version = self._keeper.boards.version
        if version is None:
            return TrueFor(None, 0, [])
        return TrueFor(version.as_of, version.run_id, list(version.marks))
