"""The table of OWASP's ASVS names what is there, and counts right."""

import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "asvs.md").read_text("utf-8")
ROWS = re.findall(
    r"^\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| (met|n/a|gap) \| (.+) \|$", PAGE, re.MULTILINE
)


def test_every_requirement_of_both_levels_is_answered_once() -> None:
    levels = Counter(level for _, level, *_ in ROWS)

    # As OWASP's 5.0.0 has them.
    assert levels == {"1": 70, "2": 183}
    assert len({number for number, *_ in ROWS}) == len(ROWS)
    assert {int(number.partition(".")[0]) for number, *_ in ROWS} == set(range(1, 18))


def test_the_summary_counts_what_the_tables_say() -> None:
    counted = Counter((level, status) for _, level, _, status, _ in ROWS)
    said = re.findall(r"^\| level ([12]) \| (\d+) \| (\d+) \| (\d+) \| (\d+) \|$", PAGE, re.MULTILINE)

    for level, met, not_applicable, gap, every in said:
        found = [counted[level, status] for status in ("met", "n/a", "gap")]
        assert [*found, sum(found)] == [int(met), int(not_applicable), int(gap), int(every)]
    assert len(said) == 2


def test_every_test_that_is_named_exists() -> None:
    named = set(re.findall(r"`([a-z_/]+\.py)::(test_\w+)`", PAGE))

    missing = [
        f"{file}::{name}"
        for file, name in sorted(named)
        if not (path := ROOT / "tests" / file).exists()
        or not re.search(rf"^(async )?def {name}\(", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert not missing
    assert len(named) > 50


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"`((?:docs|goatedvips|web|requirements)/[^`*:]+|[A-Z]+\.md)`", PAGE))
    linked = re.findall(r"\]\(((?:adr/)?[a-z0-9-]+\.md)(?:#[^)]*)?\)", PAGE)

    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    assert [name for name in linked if not (ROOT / "docs" / name).exists()] == []


def test_what_is_met_names_by_what_and_what_is_not_says_why() -> None:
    assert [number for number, _, _, _, why in ROWS if len(why) < 5] == []
    unnamed = [n for n, _, _, status, why in ROWS if status == "met" and not re.search(r"[`\[]", why)]
    assert set(unnamed) <= {"1.4.1"}
