"""Whether a report is to be believed. Pure.

A report is applied, applied with marks, or quarantined with its reasons. The thresholds are the
operator's; the checks answer what the feed has been seen to do (shrunk lists, all zeros, bad rows).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from goatedvips.kit.windows import PERIODS, Period
from goatedvips.upstream.wire import Referral, Report
from goatedvips.wagers.diff import Diff

_FLOAT_EPSILON = Decimal(2) ** -52
_RESET_LOSS = Decimal("0.1")
"""Of what somebody had in a window: a new window takes more, a correction was never seen to take 5 %."""
_RESET_SHARE = 0.2
"""A window starts over when more than this share of those who had something lose that much at once.

Corrections take that much from nobody, or from one. A reset takes it from all; still from a fifth when
reports are a day apart, and most have wagered again.
"""
_FEW = 5
"""So many may always come at once: in a short list one friend is a large share."""
_RESETTING = (Period.TODAY, Period.THIS_WEEK, Period.THIS_MONTH)
_CONTAINED = (
    (Period.TODAY, Period.THIS_WEEK),
    (Period.THIS_WEEK, Period.THIS_MONTH),
    (Period.THIS_MONTH, Period.ALL_TIME),
)


@dataclass(frozen=True, slots=True)
class Limits:
    """The operator's thresholds: shares from 0 to 1, the tolerance in dollars."""

    max_shrink: float = 0.20
    max_bad_rows: float = 0.05
    max_zeroed: float = 0.05
    sum_tolerance: Decimal = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class MarkFound:
    """Something a reader should know about a report that was applied."""

    code: str
    count: int
    text: str

    def as_json(self) -> dict[str, object]:
        """Return the mark as it is stored and sent."""
        return {"code": self.code, "count": self.count, "text": self.text}


@dataclass(frozen=True, slots=True)
class Tally:
    """What must be known of a whole report to judge the next one by its changed rows alone."""

    listed: int
    played: Mapping[Period, int]
    """How many had an amount above 0, per window."""
    contradictions: Mapping[Period, int]
    """How many had more in this window than in the longer one."""
    frozen: frozenset[Period]
    """Windows that stood still while `all_time` rose."""


NOTHING = Tally(0, dict.fromkeys(PERIODS, 0), dict.fromkeys(_RESETTING, 0), frozenset())


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reasons` is empty for a report that may be applied.

    Lasting marks stay true while the feed repeats itself; passing ones tell what this report changed.
    """

    reasons: tuple[str, ...]
    lasting: tuple[MarkFound, ...]
    passing: tuple[MarkFound, ...]
    tally: Tally

    @property
    def marks(self) -> tuple[MarkFound, ...]:
        """All marks of the report."""
        return self.lasting + self.passing

    @property
    def accepted(self) -> bool:
        """Whether the report may be applied."""
        return not self.reasons


@dataclass(frozen=True, slots=True)
class _Pair:
    before: Referral
    now: Referral

    def change(self, period: Period) -> Decimal:
        return amount(self.now, period) - amount(self.before, period)

    def began_anew(self, period: Period) -> bool:
        return -self.change(period) > amount(self.before, period) * _RESET_LOSS


def amount(row: Referral, period: Period) -> Decimal:
    """Return a row's amount in a window."""
    value: Decimal = getattr(row, period)
    return value


def judge(report: Report, held: Tally | None, limits: Limits) -> Verdict:
    """Weigh a report against the last one that was applied, of which `held` is the tally."""
    before_by_uid = {row.uid: row for row in report.old}
    pairs = [_Pair(before_by_uid[row.uid], row) for row in report.new if row.uid in before_by_uid]
    tally = _tally(report, held or NOTHING, pairs)
    return Verdict(
        reasons=tuple(_reasons(report, held, pairs, limits)),
        lasting=(*_rejected(report), *_frozen(tally), *_contradictions(tally)),
        passing=(*_falls(pairs, held or NOTHING), *_vanished(report)),
        tally=tally,
    )


def weigh(verdict: Verdict, changes: Diff, held: Tally | None, limits: Limits) -> Verdict:
    """Add to a verdict what the report changes in what is held.

    A player who was left out or unreadable for a while is in no pair of reports, but his total is held.
    """
    had = held.played[Period.ALL_TIME] if held else 0
    zeroed = sum(move.before.all_time > 0 and move.now.all_time == 0 for move in changes.moves)
    fallen = sum(move.now.all_time < move.before.all_time for move in changes.moves)
    reasons = verdict.reasons or tuple(_zeroed(zeroed, had, limits))
    passing = tuple(mark for mark in verdict.passing if mark.code != "falling_all_time")
    return replace(verdict, reasons=reasons, passing=(*passing, *_fallen(fallen)))


def overruled(verdict: Verdict) -> Verdict:
    """Accept a report for which somebody answers; a mark tells why it was not believed at first."""
    if verdict.accepted:
        return verdict
    why = "; ".join(verdict.reasons)
    text = f"This report was held back at first ({why}) and applied after an administrator had looked at it."
    return replace(verdict, reasons=(), passing=(*verdict.passing, MarkFound("reviewed", 1, text)))


def late_arrivals(
    changes: Diff, held: Tally | None, *, rejected: Collection[str | None], limits: Limits
) -> frozenset[str]:
    """Return the newcomers of whom the report before may have been silent although they had wagered.

    In a race they start from what this report says, never from 0, or their lifetime would count. That is
    everybody where there was no report before, or where so many come at once that it was incomplete; and
    whoever had a row in it that could not be read.
    """
    uids = frozenset(newcomer.uid for newcomer in changes.newcomers)
    if held is None or None in rejected:
        return uids
    if len(uids) > max(held.listed * limits.max_shrink, _FEW):
        return uids
    return uids.intersection(uid for uid in rejected if uid is not None)


def late_mark(count: int) -> tuple[MarkFound, ...]:
    """Return the mark of players who start late, if there are any."""
    if not count:
        return ()
    text = (
        f"{count:,} player(s) are new in the feed although it may have left them out before;"
        " in races they start from what this report says."
    )
    return (MarkFound("late_arrivals", count, text),)


def _tally(report: Report, held: Tally, pairs: list[_Pair]) -> Tally:
    played, contradictions = dict(held.played), dict(held.contradictions)
    for sign, rows in ((-1, report.old), (1, report.new)):
        for row in rows:
            for period in PERIODS:
                played[period] += sign * (amount(row, period) > 0)
            for shorter, longer in _CONTAINED:
                contradictions[shorter] += sign * (amount(row, shorter) > amount(row, longer))
    return Tally(report.listed, played, contradictions, _still(pairs, held.frozen))


def _still(pairs: list[_Pair], held: frozenset[Period]) -> frozenset[Period]:
    moved = {period for pair in pairs for period in PERIODS if pair.change(period) != 0}
    rose = any(pair.change(Period.ALL_TIME) > 0 for pair in pairs)
    if not rose or not moved.intersection(_RESETTING):
        # Too little happened to tell: a correction of all_time alone freezes nothing.
        return held - moved
    return frozenset(_RESETTING) - moved


def _reasons(report: Report, held: Tally | None, pairs: list[_Pair], limits: Limits) -> Iterable[str]:
    # Divided once, so that a share that is exactly the limit is no rounding above it.
    if held and held.listed and (lost := (held.listed - report.listed) / held.listed) > limits.max_shrink:
        yield (
            f"the list shrank by {lost:.1%} (from {held.listed:,} to {report.listed:,} rows;"
            f" {limits.max_shrink:.0%} is allowed)"
        )
    if report.listed and (bad := len(report.rejected) / report.listed) > limits.max_bad_rows:
        first = report.rejected[0]
        yield (
            f"{len(report.rejected):,} of {report.listed:,} rows are bad ({bad:.1%};"
            f" {limits.max_bad_rows:.0%} is allowed), the first because {first.reason}"
        )
    if report.listed == len(report.rejected):
        yield "it lists nobody whose row can be read"
    zeroed = sum(pair.before.all_time > 0 and pair.now.all_time == 0 for pair in pairs)
    yield from _zeroed(zeroed, held.played[Period.ALL_TIME] if held else 0, limits)
    if not report.rejected:
        yield from _sums(report, limits)


def _zeroed(zeroed: int, had: int, limits: Limits) -> Iterable[str]:
    if had and zeroed / had > limits.max_zeroed:
        yield (
            f"all_time fell to 0 for {zeroed:,} of the {had:,} who had wagered ({zeroed / had:.1%};"
            f" {limits.max_zeroed:.0%} is allowed)"
        )


def _sums(report: Report, limits: Limits) -> Iterable[str]:
    for window, claimed in report.claimed.items():
        summed = report.summed[window]
        # The feed adds floats: naive summation of n numbers may be off by n ulp of the sum.
        allowed = limits.sum_tolerance + abs(summed) * report.listed * _FLOAT_EPSILON
        if abs(claimed - summed) > allowed:
            yield f"the report says {window} sums to {claimed}, its rows to {summed}"


def _rejected(report: Report) -> Iterable[MarkFound]:
    if report.rejected:
        count = len(report.rejected)
        yield MarkFound(
            "rejected_rows",
            count,
            f"{count:,} row(s) of the feed could not be read; these players keep their earlier amounts.",
        )


def _frozen(tally: Tally) -> Iterable[MarkFound]:
    for period in _RESETTING:
        if period in tally.frozen:
            yield MarkFound(
                f"frozen_{period}",
                tally.played[period],
                f"The feed's {period} stands still while all_time rises: its figures are out of date.",
            )


def _contradictions(tally: Tally) -> Iterable[MarkFound]:
    for shorter, longer in _CONTAINED:
        if count := tally.contradictions[shorter]:
            yield MarkFound(
                f"{shorter}_exceeds_{longer}",
                count,
                f"The feed gives {count:,} player(s) more in {shorter} than in {longer}.",
            )


def _falls(pairs: list[_Pair], held: Tally) -> Iterable[MarkFound]:
    for period in PERIODS:
        count = sum(pair.change(period) < 0 for pair in pairs)
        if period is Period.ALL_TIME:
            yield from _fallen(count)
        elif not count:
            continue
        elif sum(pair.began_anew(period) for pair in pairs) > held.played[period] * _RESET_SHARE:
            yield MarkFound(
                f"reset_{period}", count, f"The feed started a new {period} for {count:,} player(s)."
            )
        else:
            yield MarkFound(
                f"falling_{period}", count, f"The feed corrected {period} of {count:,} player(s) downwards."
            )


def _fallen(count: int) -> Iterable[MarkFound]:
    if count:
        yield MarkFound(
            "falling_all_time",
            count,
            f"The feed took all_time of {count:,} player(s) down; in a race nobody falls below 0.",
        )


def _vanished(report: Report) -> Iterable[MarkFound]:
    if report.gone:
        count = len(report.gone)
        yield MarkFound(
            "vanished",
            count,
            f"{count:,} player(s) are no longer in the feed; they keep their last amounts.",
        )
