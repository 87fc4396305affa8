"""One report, put together from a story and from the traps that strike its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from goatedvips.simulator.cast import Floats, Integers
from goatedvips.simulator.disguise import disguise, unluckiest
from goatedvips.simulator.page import Page, number, row
from goatedvips.simulator.story import ALL_TIME, THIS_MONTH, THIS_WEEK, TODAY, Story
from goatedvips.simulator.traps import Switch

HTML = (
    b"<!DOCTYPE html>\n<html><head><title>One moment</title></head>"
    b"<body><h1>We will be back soon</h1></body></html>\n"
)
_PLAYED_BEFORE = [0.0, 17.83, 152.5, 2457.9517254411]
_WRAPPINGS = {
    "array": (b"[", b"]"),
    "nested": (b'{"success":true,"data":{"data":[', b"]}}"),
    "results": (b'{"success":true,"results":[', b"]}"),
    "users": (b'{"success":true,"users":[', b"]}"),
    "unknown": (b'{"success":true,"leaderboard":[', b"]}"),
}
_BAD = (
    b'"wagered":{"today":null,"this_week":null,"this_month":null,"all_time":null}}',
    b'"wagered":{"today":0,"this_week":0,"this_month":0,"all_time":"NaN"}}',
    b'"wagered":{"today":0,"this_week":0,"this_month":0,"all_time":1e999}}',
    b'"wagered":{"today":-1.5,"this_week":-1.5,"this_month":-1.5,"all_time":-1.5}}',
    b'"note":"no wagered here"}',
)


@dataclass(slots=True)
class Press:
    """Prints reports, and keeps between them what need not be written twice."""

    page: Page = field(default_factory=Page)
    frozen_month: Floats = field(default_factory=lambda: np.empty(0))

    def freeze_month(self, story: Story) -> None:
        """Keep this month's figures as they are now, for the trap `frozen_month`."""
        self.frozen_month = story.amounts[THIS_MONTH].copy()

    def report(self, story: Story, on: Mapping[str, Switch]) -> bytes:
        """Return the body of one answer for the story's present second."""
        if "empty_body" in on:
            return b""
        if "html" in on:
            return HTML
        shown = disguise(story, on, frozen_month=self.frozen_month)
        order = _lineup(story, on)
        self.page.write(story, shown, aliases=_aliases(story, on))
        rows = [self.page.rows[player] for player in order.tolist()]
        struck = _struck_rows(shown, order, on)
        for kind, place in enumerate(struck.tolist()):
            rows[place] = _bad_row(story, int(order[place]), kind)
        # The sums are over what can be read and is listed: only `wrong_sums` breaks the checksum.
        sums = shown[: THIS_WEEK + 1][:, np.delete(order, struck)].sum(axis=1)
        strangers = _strangers(story, shown, order, on)
        middle = len(rows) // 2
        rows[middle:middle] = [row(*stranger) for stranger in strangers]
        for _uid, _name, figures in strangers:
            sums += figures[: THIS_WEEK + 1]
        before, after = _wrapping(sums, on)
        # Into the outermost rows, so that 128 MB are copied once and not twice.
        rows = rows or [b""]
        rows[0] = before + rows[0]
        rows[-1] += after
        body = b",".join(rows)
        return body[: int(len(body) * _value(on["truncated"]))] if "truncated" in on else body


def _value(switch: Switch) -> float:
    assert isinstance(switch.value, int | float)  # noqa: S101 - the catalogue gives these traps a number
    return float(switch.value)


def _lineup(story: Story, on: Mapping[str, Switch]) -> Integers:
    order = story.order
    if "vanish" in on:
        gone = int(_value(on["vanish"]))
        played = unluckiest(story.keen, story.luck, count=-(-gone // 2))
        others = unluckiest(np.setdiff1d(np.arange(story.listed), story.keen), story.luck, count=gone // 2)
        order = order[~np.isin(order, np.concatenate([played, others]))]
    if "shrunk" in on:
        order = order[: int(len(order) * _value(on["shrunk"]))]
    return order


def _aliases(story: Story, on: Mapping[str, Switch]) -> dict[int, str]:
    if "rename" not in on:
        return {}
    chosen = unluckiest(np.arange(story.listed), story.luck, count=int(_value(on["rename"])))
    return {player: f"{story.names[player]}-{player % 97}" for player in chosen.tolist()}


def _struck_rows(shown: Floats, order: Integers, on: Mapping[str, Switch]) -> Integers:
    if "bad_rows" not in on:
        return np.empty(0, dtype=np.int64)
    # Those who wagered first: a row that is wrongly read as 0 has to hurt.
    by_worth: Integers = np.argsort(shown[ALL_TIME, order] == 0, kind="stable")
    return by_worth[: int(_value(on["bad_rows"]))]


def _bad_row(story: Story, player: int, kind: int) -> bytes:
    return f'{{"uid":"{story.uids[player]}","name":"{story.names[player]}",'.encode() + _BAD[kind % len(_BAD)]


def _strangers(
    story: Story, shown: Floats, order: Integers, on: Mapping[str, Switch]
) -> list[tuple[str, str, list[float]]]:
    """Return the rows that the story does not know: doubles, and whoever appears."""
    rows = []
    if "duplicate_uid" in on:
        played = order[shown[ALL_TIME, order] > 0]
        for player in played[: int(_value(on["duplicate_uid"]))].tolist():
            figures = shown[:, player].copy()
            figures[[TODAY, ALL_TIME]] += 1.25
            rows.append((story.uids[player], story.names[player], figures.tolist()))
    if "appear" in on:
        for stranger in range(int(_value(on["appear"]))):
            digest = blake2b(f"{story.plot.seed}:{stranger}".encode(), digest_size=10).hexdigest()
            rows.append((digest, f"newcomer{stranger}", [0.0] * 4 if stranger % 2 else _PLAYED_BEFORE))
    return rows


def _wrapping(sums: Floats, on: Mapping[str, Switch]) -> tuple[bytes, bytes]:
    if "shape" in on:
        return _WRAPPINGS[str(on["shape"].value)]
    excess = _value(on["wrong_sums"]) if "wrong_sums" in on else 0.0
    today, week = (number(total) for total in (sums + excess).tolist())
    return b'{"success":true,"data":[', f'],"today":{today},"this_week":{week}}}'.encode()
