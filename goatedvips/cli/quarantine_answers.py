"""How quarantined reports are shown in a terminal."""

import typer

from goatedvips.cli.output import errors, print_json, say
from goatedvips.sync.quarantine.schemas import (
    Comparison,
    QuarantinedReport,
    QuarantinedRun,
    QuarantinePage,
)
from goatedvips.sync.requests.schemas import SyncRequestView


def answer_list(page: QuarantinePage, *, as_json: bool) -> None:
    """Print runs, each with why its report was not believed."""
    if as_json:
        print_json(page.model_dump(mode="json", by_alias=True))
        return
    for run in page.data:
        _line(run)
    if not page.data:
        say("No report is in quarantine.")


def answer_run(run: QuarantinedRun, *, as_json: bool) -> None:
    """Print a run: as one object, or in lines."""
    if as_json:
        print_json(run.model_dump(mode="json", by_alias=True))
        return
    _line(run)


def answer_report(report: QuarantinedReport, *, as_json: bool) -> None:
    """Print a run and what its report would change."""
    if as_json:
        print_json(report.model_dump(mode="json", by_alias=True))
        return
    _line(report.run)
    if report.comparison is None:
        say("  Its report is not kept any more.")
        return
    _say_counts(report.comparison)
    _say_rows(report.comparison)


def answer_request(request: SyncRequestView, *, as_json: bool) -> None:
    """Print what became of a request to apply a report; exit with 1 if it was refused or failed."""
    if as_json:
        print_json(request.model_dump(mode="json", by_alias=True))
    elif request.error is not None:
        say(request.error, label="Error:", to=errors)
    elif request.run_id is not None:
        say(f"Run {request.run_id} {request.status}: the report was applied.")
    else:
        say(f"A worker will apply it; `quarantine show {request.quarantined_run_id}` tells.")
    if request.error is not None:
        raise typer.Exit(1)


def _line(run: QuarantinedRun) -> None:
    state = "overtaken by a later report" if run.is_overtaken else "open"
    if run.decision is not None:
        state = f"{run.decision.decision} by {run.decision.by}: {run.decision.reason}"
    elif run.request is not None and run.request.is_under_way:
        state = f"being applied for {run.request.requested_by}"
    say(f"{run.run_id:>5}  {run.as_of:%Y-%m-%d %H:%M} UTC, {run.listed:,} rows: {state}")
    for reason in run.reasons:
        say(f"  · {reason}")


def _say_counts(found: Comparison) -> None:
    against = "no report before it" if found.run_id is None else f"run {found.run_id}"
    say(f"  Against {against}: {found.listed_before:,} rows then, {found.listed:,} now.")
    say(
        f"  {found.changed_count:,} changed, {found.new_count:,} new, {found.gone_count:,} gone,"
        f" {found.rejected_count:,} that cannot be read"
    )
    say(f"  all_time falls for {found.fallen_count:,}, to 0 for {found.zeroed_count:,} of them")
    for total in found.sums:
        claimed = "" if total.claimed is None else f" (it says {total.claimed})"
        say(f"  {total.window} sums to {total.now}{claimed}, before to {total.before}")


def _say_rows(found: Comparison) -> None:
    for fall in found.fallen:
        say(f"  falls: {fall.username} ({fall.goated_id}) from {fall.before} to {fall.now}")
    for what, players in (("gone", found.gone), ("new", found.new)):
        for player in players:
            say(f"  {what}: {player.username} ({player.goated_id}), {player.all_time}")
    for row in found.rejected:
        say(f"  unreadable: {row.goated_id or 'nobody'}: {row.reason} {row.excerpt}")
