"""What an entry's hash covers, and what a broken chain says of itself."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.audit.chain import START, Entry, Kept, Walk

NOON = datetime(2026, 3, 26, 12, 0, 0, 5, tzinfo=UTC)
FIRST = Entry(1, NOON, "cli:ada", "race.cancelled", "race:7", {"reason": "Café", "n": [1, None, True]}, START)
INTEGERS = st.integers(-(2**53) + 1, 2**53 - 1)
TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
BROKEN = (
    "Entry 4 does not follow entry 3: one of the two was changed and given a new hash, most likely entry 3."
)
DETAILS = st.dictionaries(
    TEXTS,
    st.recursive(
        st.none() | st.booleans() | INTEGERS | TEXTS,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
        max_leaves=8,
    ),
    max_size=4,
)


def chain(length: int) -> list[Kept]:
    kept, previous = [], START
    for number in range(1, length + 1):
        entry = Entry(number, NOON, "worker", "race.started", f"race:{number}", {}, previous)
        kept.append(Kept(number, entry, previous, entry.sha256()))
        previous = entry.sha256()
    return kept


def findings(kept: list[Kept], *, expected: bytes | None = None) -> list[str]:
    walk = Walk(expected)
    walk.follow(kept)
    return walk.conclusions()


def forged(kept: Kept, **changes: Any) -> Kept:  # noqa: ANN401 - the fields of an entry
    """Change an entry, and give it the hash of what it says now."""
    assert kept.entry is not None
    entry = replace(kept.entry, **changes)
    return Kept(kept.id, entry, entry.previous, entry.sha256())


def test_the_hash_is_that_of_the_canonical_document() -> None:
    document = (
        '{"action":"race.cancelled","actor":"cli:ada","at":"2026-03-26T12:00:00.000005Z",'
        '"details":{"n":[1,null,true],"reason":"Café"},"id":1,'
        f'"previous":"{"0" * 64}","subject":"race:7"}}'
    )

    assert hashlib.sha256(document.encode()).digest() == FIRST.sha256()


def test_the_zone_of_an_instant_does_not_matter() -> None:
    there = replace(FIRST, at=NOON.astimezone(timezone(timedelta(hours=5, minutes=45))))

    assert FIRST.sha256() == there.sha256()


@given(DETAILS)
def test_details_that_went_through_json_have_the_same_hash(details: dict[str, Any]) -> None:
    entry = replace(FIRST, details=details)
    back = json.loads(json.dumps(dict(reversed(details.items()))))

    assert entry.sha256() == replace(entry, details=back).sha256()


@pytest.mark.parametrize(
    "change",
    [
        {"id": 2},
        {"at": NOON + timedelta(microseconds=1)},
        {"actor": "cli:eve"},
        {"action": "race.settled"},
        {"subject": "race:8"},
        {"details": {"reason": "Cafe", "n": [1, None, True]}},
        {"previous": b"\1" * 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_hash_covers_every_field(change: dict[str, Any]) -> None:
    assert FIRST.sha256() != replace(FIRST, **change).sha256()


@pytest.mark.parametrize(
    "details",
    [
        {"share": 0.5},
        {"deep": [{"share": 1.0}]},
        {"large": 2**53},
        {"small": -(2**53)},
        {"nul": "a\0b"},
        {"a\0b": 1},
        {"surrogate": "\ud800"},
        {"when": NOON},
        {1: "a name that is no text"},
    ],
    ids=lambda details: str(next(iter(details))),
)
def test_details_that_would_not_come_back_the_same_are_refused(details: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        replace(FIRST, details=details).sha256()


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        replace(FIRST, at=NOON.replace(tzinfo=None)).sha256()


def test_a_whole_chain_holds_and_tells_its_head() -> None:
    kept, walk = chain(5), Walk()
    walk.follow(kept[:2])
    walk.follow(kept[2:])

    assert (walk.conclusions(), walk.entries, walk.head) == ([], 5, kept[-1].sha256)


def test_a_changed_entry_is_named() -> None:
    kept = chain(5)
    entry = kept[2].entry
    assert entry is not None
    kept[2] = replace(kept[2], entry=replace(entry, actor="cli:eve"))

    assert findings(kept) == ["Entry 3 was changed: its hash is not that of what it says."]


def test_an_entry_that_has_no_hash_any_more_is_named_as_changed() -> None:
    kept = chain(1)
    entry = kept[0].entry
    assert entry is not None
    kept[0] = replace(kept[0], entry=replace(entry, details={"share": 0.5}))

    assert findings(kept) == ["Entry 1 was changed: its hash is not that of what it says."]


def test_what_can_be_no_entry_of_ours_is_named_as_changed() -> None:
    kept = chain(2)
    kept[1] = replace(kept[1], entry=None)

    assert findings(kept) == ["Entry 2 was changed: its hash is not that of what it says."]


def test_a_changed_entry_with_a_new_hash_breaks_the_link_behind_it() -> None:
    kept = chain(5)
    kept[2] = forged(kept[2], actor="cli:eve")

    assert findings(kept) == [BROKEN]


def test_a_first_entry_that_follows_something_is_named() -> None:
    kept = chain(1)

    assert findings([forged(kept[0], previous=b"\1" * 32)]) == [
        "Entry 1 does not start the chain: it was changed and given a new hash."
    ]


def test_missing_entries_are_named_once() -> None:
    kept = chain(9)

    assert findings([*kept[2:4], *kept[5:6], *kept[8:]]) == [
        "Entries 1 to 2 are missing.",
        "Entry 5 is missing.",
        "Entries 7 to 8 are missing.",
    ]


def test_two_entries_that_changed_places_are_both_named() -> None:
    kept = chain(4)
    entries = [each.entry for each in kept]
    assert entries[1] is not None
    assert entries[2] is not None
    kept[1] = replace(kept[2], id=2, entry=replace(entries[2], id=2))
    kept[2] = replace(kept[1], id=3, entry=replace(entries[1], id=3))

    assert [finding.partition(":")[0] for finding in findings(kept)] == [
        "Entry 2 was changed",
        "Entry 3 was changed",
    ]


def test_a_removed_end_shows_only_against_a_head_that_was_noted() -> None:
    kept = chain(5)
    head = kept[-1].sha256

    assert findings(kept[:3]) == []
    (finding,) = findings(kept[:3], expected=head)
    assert finding == (
        f"No entry has the hash {head.hex()}: the end of the log was removed, or the chain was written anew."
        " The last entry that is there is 3."
    )


def test_a_log_that_grew_still_has_the_head_that_was_noted() -> None:
    kept = chain(5)

    assert findings(kept, expected=kept[2].sha256) == []
    assert findings(kept, expected=START) == []
    assert findings([], expected=START) == []


@given(st.integers(1, 8), st.data())
def test_whatever_is_removed_before_the_end_is_found(length: int, data: st.DataObject) -> None:
    kept = chain(length + 1)
    del kept[data.draw(st.integers(0, length - 1))]

    assert len(findings(kept)) == 1
