"""How an import is followed, and what it leaves: a bar, a file with every row, and the sum of it."""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from goatedvips.cli.output import errors, print_json, say
from goatedvips.kit.errors import BadInput
from goatedvips.kit.sheets import safe_cell
from goatedvips.legacy.rules.findings import Finding, Outcome, RowReport
from goatedvips.legacy.tally import Tally, Watcher

COLUMNS = ("table", "id", "outcome", "target", "field", "code", "refused", "text")


class Nobody:
    """Watches nothing."""

    def row(self, report: RowReport) -> None:
        """Pass over a row."""

    def progress(self, table: str, *, done: int, total: int) -> None:
        """Pass over how far it is."""


class RowFile(Nobody):
    """Writes what became of each row, as an object a line."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def row(self, report: RowReport) -> None:
        """Write a row."""
        told = {
            "table": report.table,
            "id": report.id,
            "outcome": report.outcome,
            "target": report.target,
            "findings": [
                {"field": found.field, "code": found.code, "refused": found.refused, "text": found.text}
                for found in report.findings
            ],
        }
        self._file.write(json.dumps(told, ensure_ascii=False) + "\n")


class RowSheet(Nobody):
    """Writes what became of each row as CSV, a line for each finding; safe to open in a spreadsheet."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)
        self._writer.writerow(COLUMNS)

    def row(self, report: RowReport) -> None:
        """Write a row."""
        about = [report.table, report.id, report.outcome, report.target or ""]
        for found in report.findings or (Finding("", "", ""),):
            text = safe_cell(found.text)
            self._writer.writerow([*about, found.field, found.code, str(found.refused).lower(), text])


class Bar(Nobody):
    """Shows how far each table is gone through."""

    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("looking", total=None)

    def progress(self, table: str, *, done: int, total: int) -> None:
        """Move the bar."""
        self._bar.update(self._task, description=table, completed=done, total=total)


class Audience:
    """Several that watch."""

    def __init__(self, *watchers: Watcher) -> None:
        self._watchers = watchers

    def row(self, report: RowReport) -> None:
        """Tell each of a row."""
        for watcher in self._watchers:
            watcher.row(report)

    def progress(self, table: str, *, done: int, total: int) -> None:
        """Tell each how far it is."""
        for watcher in self._watchers:
            watcher.progress(table, done=done, total=total)


@contextmanager
def row_report(path: Path | None) -> Iterator[Watcher]:
    """Yield what writes a report to this path, which is there once all went well, for its owner to read."""
    if path is None:
        yield Nobody()
        return
    part = path.with_name(f"{path.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        file = part.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise BadInput.field("report", f"{path} cannot be written: {error.strerror}") from None
    try:
        with file:
            yield RowSheet(file) if path.suffix.lower() == ".csv" else RowFile(file)
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


@contextmanager
def progress_bar() -> Iterator[Watcher]:
    """Yield what shows a bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True) as bar:
        yield Bar(bar)


def answer(tally: Tally, *, dry_run: bool, as_json: bool) -> None:
    """Print what an import came to."""
    if as_json:
        told = {"dryRun": dry_run, "complete": tally.took_all} | tally.as_json()
        findings = [count.as_json() for count in tally.counts.values()]
        print_json(told | {"findings": findings, "otherTables": tally.others})
        return
    for table, counted in tally.outcomes.items():
        came_out = ", ".join(f"{counted[outcome]:,} {_SAID[outcome]}" for outcome in Outcome)
        say(f"{counted.total():,} read: {came_out}", label=table, style="bold")
        for count in (count for count in tally.counts.values() if count.table == table):
            style = "bold red" if count.example.refused else "bold yellow"
            text = f"in {count.times:,}, first in {count.first_row}: {count.example.text}"
            say(text, label=f"  {count.example.field}", style=style)
    if tally.others:
        say(f"Not looked at, since nothing is known of them: {', '.join(tally.others)}.")
    say(f"{tally.links:,} linked to their players; {tally.resets:,} mails asked for.")
    if dry_run:
        say("Nothing was written: this was a dry run.")


_SAID = {
    Outcome.TAKEN: "taken",
    Outcome.MENDED: "mended",
    Outcome.REFUSED: "refused",
    Outcome.LEFT: "left",
    Outcome.THERE: "there already",
}
