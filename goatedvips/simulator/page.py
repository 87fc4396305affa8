"""The rows of a report as bytes, of which only those that changed are written anew."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

import numpy as np

from goatedvips.simulator.cast import Floats
from goatedvips.simulator.story import Story

_NO_PLAY = '"today":0,"this_week":0,"this_month":0,"all_time":0}}'


class Page:
    """One encoded row for every listed player, by index."""

    def __init__(self) -> None:
        self.rows: list[bytes] = []
        self._shown: Floats = np.empty((4, 0))
        self._names_read = 0
        self._aliases: dict[int, str] = {}

    def write(self, story: Story, shown: Floats, *, aliases: Mapping[int, str]) -> None:
        """Bring the rows up to date with what is shown; an alias stands in for a name."""
        known = len(self.rows)
        stale = set(np.flatnonzero((shown[:, :known] != self._shown).any(axis=0)).tolist())
        stale.update(story.renamed[self._names_read :])
        self._names_read = len(story.renamed)
        stale.update(dict(aliases.items() ^ self._aliases.items()))
        self._aliases = dict(aliases)
        # Whoever was renamed before he was listed comes with the newcomers.
        self._rewrite(story, shown, (player for player in stale if player < known))
        self.rows += self._encoded(story, shown, range(known, shown.shape[1]))
        self._shown = shown

    def _rewrite(self, story: Story, shown: Floats, players: Iterable[int]) -> None:
        stale = sorted(players)
        for player, row in zip(stale, self._encoded(story, shown, stale), strict=True):
            self.rows[player] = row

    def _encoded(self, story: Story, shown: Floats, players: Iterable[int]) -> list[bytes]:
        chosen = list(players)
        # Nine in ten never wagered: no figures are unpacked for them.
        rows = [row(story.uids[player], self._name(story, player), ()) for player in chosen]
        for place in np.flatnonzero(shown[:, chosen].any(axis=0)).tolist():
            player = chosen[place]
            rows[place] = row(story.uids[player], self._name(story, player), shown[:, player].tolist())
        return rows

    def _name(self, story: Story, player: int) -> str:
        return self._aliases.get(player) or story.names[player]


def row(uid: str, name: str, figures: Sequence[float]) -> bytes:
    """Write one player as the feed does, without a space."""
    head = f'{{"uid":"{uid}","name":"{name}","wagered":{{'
    if not any(figures):
        return (head + _NO_PLAY).encode()
    today, week, month, ever = map(number, figures)
    return f'{head}"today":{today},"this_week":{week},"this_month":{month},"all_time":{ever}}}}}'.encode()


def number(amount: float) -> str:
    """Write an amount as JavaScript does: whole dollars without a point, small ones without an exponent."""
    text = repr(float(amount))
    if text.endswith(".0"):
        return text[:-2]
    return format(Decimal(text), "f") if "e" in text else text
