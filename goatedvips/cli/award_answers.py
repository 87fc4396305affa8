"""How awards are shown in a terminal."""

import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

import typer

from goatedvips.cli.output import errors, print_json, say
from goatedvips.kit.money import format_cents
from goatedvips.races.payouts.errors import NotAll
from goatedvips.races.payouts.repository import Award
from goatedvips.races.payouts.schemas import AwardList, AwardResponse
from goatedvips.races.payouts.service import Outcome, Rejection


def answer_one(award: Award, *, as_json: bool) -> None:
    """Print an award: as one object, or in lines."""
    shown = AwardResponse.of(award)
    if as_json:
        print_json(shown.model_dump(mode="json", by_alias=True))
        return
    _line(shown)
    say(f"  player {award.player_id} ({award.uid}), version {award.version} of race {award.race_id}")
    for what, who, when in (
        ("approved", award.approved_by, award.approved_at),
        ("paid", award.paid_by, award.paid_at),
        ("rejected", award.rejected_by, award.rejected_at),
    ):
        if who is not None and when is not None:
            say(f"  {what} by {who} at {when:%Y-%m-%d %H:%M} UTC")
    if award.reference is not None:
        say(f"  reference {award.reference}")
    if award.reason is not None:
        say(f"  reason: {award.reason}")


def answer_list(awards: AwardList, *, as_json: bool) -> None:
    """Print awards, and the totals by status."""
    if as_json:
        print_json(awards.model_dump(mode="json", by_alias=True))
        return
    for award in awards.data:
        _line(award)
    if not awards.data:
        say("There is no such award.")
    for total in awards.totals:
        say(f"  {total.status}: {total.awards} of {total.amount} dollars")


def answer_step(outcome: Outcome, step: str, *, as_json: bool, left_out: Sequence[int] = ()) -> None:
    """Print what a call did; `left_out` are the lines of a sheet that had no reference."""
    changed, unchanged = outcome.changed, outcome.unchanged
    if as_json:
        print_json(
            {
                step: _shown(changed),
                "unchanged": _shown(unchanged),
                "amount": format_cents(sum(award.amount for award in changed)),
                "linesLeftOut": list(left_out),
            }
        )
        return
    for award in changed:
        _line(AwardResponse.of(award))
    cents = sum(award.amount for award in changed)
    say(f"{len(changed)} {step}, {format_cents(cents)} dollars.")
    if unchanged:
        say(f"{len(unchanged)} left as they were, {step} before: {_numbers(unchanged)}.")
    if left_out:
        say(f"{len(left_out)} lines have no reference and were left out.")


def answer_rejection(rejection: Rejection, *, as_json: bool) -> None:
    """Print what a rejection came to."""
    if as_json:
        print_json(
            {
                "version": rejection.version,
                "rejected": _shown(rejection.rejected),
                "gained": _shown(rejection.gained),
            }
        )
        return
    for award in [*rejection.rejected, *rejection.gained]:
        _line(AwardResponse.of(award))
    if rejection.version is None:
        say("It was rejected before for this reason; nothing was done.")
        return
    race_id = rejection.rejected[0].race_id
    say(f"Version {rejection.version} of the result of race {race_id} counts now.")


def refuse(error: NotAll, *, as_json: bool, lines: Mapping[int, int] | None = None) -> NoReturn:
    """Print which awards stand in the way, by the lines of a sheet if there is one, and exit with 1."""
    found = [(refusal, (lines or {}).get(refusal.award_id)) for refusal in error.refusals]
    if as_json:
        refusals = [
            {"id": refusal.award_id, "code": refusal.code, "error": refusal.sentence}
            | ({} if line is None else {"line": line})
            for refusal, line in found
        ]
        print_json({"error": error.detail, "code": error.code, "refusals": refusals})
        raise typer.Exit(1)
    if error.heading:
        say(error.heading, label="Error:", to=errors)
    for refusal, line in found:
        where = "" if line is None else f"line {line}: "
        say(f"{where}{refusal.sentence}", label="  ·" if error.heading else "Error:", to=errors)
    raise typer.Exit(1)


def print_sheet(text: str) -> None:
    """Print CSV as it is."""
    sys.stdout.write(text)


def _line(award: AwardResponse) -> None:
    say(
        f"{award.id:>5}  {award.race}, place {award.position}: {award.username},"
        f" {award.amount} dollars, {award.status}"
    )


def _shown(awards: Sequence[Award]) -> list[object]:
    return [AwardResponse.of(award).model_dump(mode="json", by_alias=True) for award in awards]


def _numbers(awards: Sequence[Award]) -> str:
    return ", ".join(str(award.id) for award in awards)
