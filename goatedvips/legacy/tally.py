"""What an import came to, and whoever watches it."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any, Protocol

from goatedvips.legacy.rules.findings import Finding, Outcome, RowReport


class Watcher(Protocol):
    """Somebody who is told of every row."""

    def row(self, report: RowReport) -> None:
        """Hear what became of a row."""

    def progress(self, table: str, *, done: int, total: int) -> None:
        """Hear how far a table is gone through."""


@dataclass(slots=True)
class Count:
    """How often something was found in a table, and in which row first."""

    table: str
    first_row: int
    example: Finding
    times: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the object that programs are told."""
        return {
            "table": self.table,
            "field": self.example.field,
            "code": self.example.code,
            "refused": self.example.refused,
            "count": self.times,
            "example": {"id": self.first_row, "text": self.example.text},
        }


@dataclass(slots=True)
class Tally:
    """How many rows came out how, and what was found in them."""

    outcomes: defaultdict[str, Counter[Outcome]] = field(default_factory=lambda: defaultdict(Counter))
    counts: dict[tuple[str, str, str], Count] = field(default_factory=dict)
    links: int = 0
    """Accounts that were linked to their players."""
    resets: int = 0
    """Mails that were asked for."""
    others: list[str] = field(default_factory=list)
    """Tables of which nothing is known."""

    def begin(self, table: str) -> None:
        """Name a table, which may have no rows."""
        self.outcomes[table].clear()

    def add(self, report: RowReport) -> None:
        """Count a row."""
        self.outcomes[report.table][report.outcome] += 1
        for finding in report.findings:
            key = (report.table, finding.field, finding.code)
            self.counts.setdefault(key, Count(report.table, report.id, finding)).times += 1

    @property
    def took_all(self) -> bool:
        """Whether no row, and nothing of a row, was refused."""
        refused_rows = any(counted[Outcome.REFUSED] for counted in self.outcomes.values())
        return not refused_rows and not any(count.example.refused for count in self.counts.values())

    @property
    def changed(self) -> bool:
        """Whether anything was taken that was not here before."""
        taken = (Outcome.TAKEN, Outcome.MENDED)
        rows = any(counted[outcome] for counted in self.outcomes.values() for outcome in taken)
        return rows or self.links > 0 or self.resets > 0

    def as_json(self) -> dict[str, Any]:
        """Return the object that programs are told, and the audit log keeps the numbers of."""
        return {
            "tables": {
                table: {"read": counted.total()} | {str(outcome): counted[outcome] for outcome in Outcome}
                for table, counted in self.outcomes.items()
            },
            "links": self.links,
            "resets": self.resets,
        }
