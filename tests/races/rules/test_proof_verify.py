"""What `verify` finds, in files that somebody wrote by the rules and somebody else changed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from docs.proof_vectors import DOLLAR, HEADER, PEOPLE, RULES, Person, changed, settled
from goatedvips.races.rules.prizes import DEFAULT_TABLE
from goatedvips.races.rules.proof import Exclusion, Header, verify
from goatedvips.races.rules.proof.reading import MAX_FILE
from goatedvips.races.rules.proof.verdict import MOST_NAMED
from goatedvips.races.rules.ranking import TiePolicy

FIRST = settled(HEADER, PEOPLE)
# Few different amounts and runs, so that ties of every kind are common.
amounts = st.sampled_from([0, DOLLAR - 1, DOLLAR, 2 * DOLLAR, 2**63 - 1]) | st.integers(0, 2**63 - 1)
texts = st.text(st.characters(codec="utf-8"), max_size=8)


@st.composite
def people(draw: st.DrawFn, *, least: int = 0, forfeits: bool = False) -> list[Person]:
    return [
        Person(
            f"{draw(texts)}{number}",
            draw(texts),
            draw(amounts),
            draw(amounts),
            draw(st.integers(0, 5)),
            excluded=draw(st.sampled_from([e for e in Exclusion if forfeits or e != Exclusion.FORFEITED])),
            erased=draw(st.integers(0, 9)) == 0,
        )
        for number in range(draw(st.integers(least, 8)))
    ]


@st.composite
def headers(draw: st.DrawFn, *, version: int = 1) -> Header:
    pool = draw(st.integers(1, 10**9))
    policies: list[TiePolicy] = ["first_to_reach", "shared"]
    rejects = draw(st.sampled_from(["forfeit", "move_up"]))
    rules = replace(
        RULES,
        prize_pool=pool,
        prizes=DEFAULT_TABLE.to_json(),
        tie_policy=draw(st.sampled_from(policies)),
        reject_policy="forfeit" if version > 1 else rejects,
        min_wager=draw(st.sampled_from([0, DOLLAR, 2**63 - 1])),
    )
    previous = "ab" * 32 if version > 1 else draw(st.sampled_from([None, "cd" * 32]))
    return replace(HEADER, name=draw(texts), rules=rules, version=version, previous=previous)


def codes(file: bytes) -> set[str]:
    return {finding.code for finding in verify(file).findings}


def sentences(file: bytes) -> list[str]:
    return [finding.text for finding in verify(file).findings]


@given(headers(), people())
def test_a_result_that_was_settled_by_the_rules_holds(header: Header, entrants: list[Person]) -> None:
    verdict = verify(settled(header, entrants))

    assert verdict.findings == []
    assert verdict.participants == len(entrants)
    assert verdict.erased == sum(person.erased for person in entrants)


@given(headers(version=2), people(forfeits=True))
def test_a_correction_with_forfeited_places_holds(header: Header, entrants: list[Person]) -> None:
    assert verify(settled(header, entrants)).findings == []


@given(headers(version=2), people(least=1), st.data())
def test_who_forfeits_loses_his_own_place_and_prize_and_nobody_elses(
    header: Header, entrants: list[Person], data: st.DataObject
) -> None:
    loser = data.draw(st.integers(0, len(entrants) - 1))
    entrants[loser] = replace(entrants[loser], excluded=Exclusion.NO)
    after = [
        replace(person, excluded=Exclusion.FORFEITED) if row == loser else person
        for row, person in enumerate(entrants)
    ]

    held, kept = (json.loads(settled(header, some))["proof"]["standings"] for some in (entrants, after))

    assert kept[loser][4:] == [None, "0.00", 2]
    assert held[:loser] + held[loser + 1 :] == kept[:loser] + kept[loser + 1 :]


def test_a_verdict_tells_what_the_proof_is_about() -> None:
    verdict = verify(FIRST)

    assert verdict.holds
    assert (verdict.race_id, verdict.name, verdict.series_id, verdict.version) == (7, HEADER.name, 3, 1)
    assert (verdict.sha256, verdict.previous) == (json.loads(FIRST)["sha256"], None)
    assert (verdict.participants, verdict.ranked, verdict.awards, verdict.erased) == (9, 5, 4, 0)


def test_every_single_byte_that_is_changed_is_found() -> None:
    file = settled(replace(HEADER, previous="ab" * 32), PEOPLE[:3])

    unseen = [
        place
        for place in range(len(file))
        if verify(file[:place] + bytes([file[place] ^ 1]) + file[place + 1 :]).holds
    ]

    assert unseen == []


@settings(max_examples=300)
@given(st.integers(0, len(FIRST) - 1), st.integers(0, 255), st.sampled_from(["change", "add", "remove"]))
def test_a_byte_changed_added_or_removed_anywhere_is_found(place: int, byte: int, how: str) -> None:
    middle = b"" if how == "remove" else bytes([byte])
    file = FIRST[:place] + middle + FIRST[place + (how != "add") :]

    assert verify(file).holds == (file == FIRST)


@given(people(least=1), st.data())
def test_a_removed_row_is_found_although_the_hash_is_made_right(
    entrants: list[Person], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(entrants) - 1))

    file = changed(
        settled(HEADER, entrants),
        lambda said: (said["proof"]["standings"].pop(row), said["openings"].pop(row)),
    )

    assert "totals" in codes(file)


@given(people(least=2), st.data())
def test_swapped_names_are_named_although_the_hash_is_made_right(
    entrants: list[Person], data: st.DataObject
) -> None:
    entrants = [replace(person, erased=False) for person in entrants]
    rows = st.integers(0, len(entrants) - 1)
    one, other = sorted(data.draw(st.lists(rows, min_size=2, max_size=2, unique=True)))
    entrants[other] = replace(entrants[other], username=entrants[one].username + "?")

    def swap(said: Any) -> None:  # noqa: ANN401 - JSON
        openings = said["openings"]
        openings[one][2], openings[other][2] = openings[other][2], openings[one][2]

    assert sentences(changed(settled(HEADER, entrants), swap)) == [
        f"standing {row}: the name or uid does not open its commitment." for row in (one, other)
    ]


@given(headers(), people(least=1), st.data())
def test_an_altered_prize_is_named_although_all_sums_are_made_right(
    header: Header, entrants: list[Person], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(entrants) - 1))

    def pay_more(said: Any) -> None:  # noqa: ANN401 - JSON
        standing = said["proof"]["standings"][row]
        standing[5] = f"1{standing[5]}"

    found = sentences(changed(settled(header, entrants), pay_more))

    assert any(text.startswith(f"standing {row}: its prize is 1") for text in found)


@given(headers(), people(least=1), st.data())
def test_an_altered_position_is_named(header: Header, entrants: list[Person], data: st.DataObject) -> None:
    row = data.draw(st.integers(0, len(entrants) - 1))

    def move(said: Any) -> None:  # noqa: ANN401 - JSON
        standing = said["proof"]["standings"][row]
        standing[4] = (standing[4] or 0) + 1

    found = sentences(changed(settled(header, entrants), move))

    assert any(text.startswith(f"standing {row}: its position is ") for text in found)


@given(people(least=1), st.data())
def test_an_altered_amount_is_found_although_the_hash_is_made_right(
    entrants: list[Person], data: st.DataObject
) -> None:
    row = data.draw(st.integers(0, len(entrants) - 1))
    entrants[row] = replace(entrants[row], baseline=0, total=min(entrants[row].total, 2**62))

    def wager_more(said: Any) -> None:  # noqa: ANN401 - JSON
        standing = said["proof"]["standings"][row]
        standing[2] = f"{int(standing[2][:-9]) + 1}{standing[2][-9:]}"

    assert "totals" in codes(changed(settled(HEADER, entrants), wager_more))


def test_many_wrong_rows_are_named_up_to_a_point_and_then_counted() -> None:
    crowd = [replace(PEOPLE[0], uid=str(number)) for number in range(MOST_NAMED + 3)]

    def rename(said: Any) -> None:  # noqa: ANN401 - JSON
        for opening in said["openings"]:
            opening[2] = "nobody"

    found = sentences(changed(settled(HEADER, crowd), rename))

    assert found[-2:] == [
        f"standing {MOST_NAMED - 1}: the name or uid does not open its commitment.",
        "3 more are wrong in the same way.",
    ]
    assert len(found) == MOST_NAMED + 1


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=70)
    | st.sampled_from(
        ["99999999999.99999999", "999999999999.99", "0.00", "0" * 64, "9999-99-99T99:99:99.999Z"]
    ),
    lambda held: st.lists(held, max_size=4) | st.dictionaries(texts, held, max_size=4),
    max_leaves=8,
)


def paths(said: Any, here: tuple[Any, ...] = ()) -> Sequence[tuple[Any, ...]]:  # noqa: ANN401 - JSON
    inner = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    return [here, *(path for key, value in inner for path in paths(value, (*here, key)))]


PATHS = paths(json.loads(FIRST))


@settings(max_examples=300)
@given(st.sampled_from(PATHS), json_values)
def test_whatever_stands_anywhere_gives_findings_and_no_traceback(
    path: tuple[Any, ...], value: object
) -> None:
    said = {"whole": json.loads(FIRST)}
    holder: Any = said
    keys: tuple[Any, ...] = ("whole", *path)
    for key in keys[:-1]:
        holder = holder[key]
    before, holder[keys[-1]] = holder[keys[-1]], value

    file = json.dumps(said["whole"], ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    # 0 is equal to False, and null instead of an opening says that a person was erased.
    same = value == before or (path[0:1] == ("openings",) and value is None)
    assert verify(file.encode("utf-8", "surrogatepass")).holds <= same


@given(st.binary(max_size=200))
def test_any_bytes_give_findings_and_no_traceback(file: bytes) -> None:
    assert codes(file) <= {"not_json", "shape"}
    assert not verify(file).holds


DEEP = 100_000


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "not_json"),
        (b"null", "shape"),
        (b"[" * DEEP, "shape"),
        (b'{"proof":' * DEEP, "shape"),
        (b'{"x":' + b"[" * DEEP, "shape"),
        (b'{"proof":{"format":"goatedvips-race-proof/1","x":' + b"[" * DEEP, "shape"),
        (b'{"sha256":1,"proof":' + b"[" * DEEP, "shape"),
        (b"\xff\xfe{\x00}\x00", "not_json"),
        (b"\xef\xbb\xbf" + FIRST, "not_json"),
        (FIRST.replace(b'"version":1}', b'"version":' + b"9" * 10_000 + b"}"), "shape"),
        (FIRST.replace(b'"version":1}', b'"version":NaN}'), "not_json"),
        (FIRST.replace(b'"version":1}', b'"version":9007199254740992}'), "shape"),
        (FIRST.replace(b'"idle"', b'"\\ud800"'), "not_json"),
        (FIRST.replace(b'"idle"', b'"\xed\xa0\x80"'), "not_json"),
        (FIRST + FIRST, "not_json"),
        (b'{"proof":{"format":"\xff"}}', "not_json"),
        (b'{"' + b"\x1b" * 3 + b'":1}', "not_json"),
        (b'{"\\u001b[2J":1}', "shape"),
    ],
)
def test_hostile_files_are_named_for_what_they_are(file: bytes, code: str) -> None:
    (finding,) = verify(file).findings

    assert finding.code == code
    assert finding.text.isprintable()
    assert len(finding.text) < 300


def test_more_bytes_than_any_proof_has_are_not_even_read() -> None:
    assert codes(bytes(MAX_FILE + 1)) == {"too_large"}


def test_a_member_repeated_very_often_is_found_in_no_time() -> None:
    file = b"{" + b'"sha256":"%b",' % (b"0" * 64) * 100_000 + FIRST[1:]

    assert codes(file) == {"duplicate_member", "not_canonical"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("22" * 32, "22" * 32 + "\n"),
        ("2026-03-30T22:00:04.000Z", "2026-03-30T22:00:04.000Z\n"),
        ("2026-03-30T22:00:04.000Z", "2026-03-30T22:00:04Z"),
        ("2026-03-30T22:00:04.000Z", "2026-03-31T00:00:04.000+02:00"),
        ("100.01", "100.01\n"),
        ("100.01", "0100.01"),
        ("100.01", "100.010"),
        ("50.00", "+50.00"),
        ("47.00000000", "47.00000000\n"),
        ("47.00000000", "47"),
        ("47.00000000", "٤٧.00000000"),
    ],
)
def test_each_value_has_one_form_only(before: str, after: str) -> None:
    quoted = json.dumps(before).encode()
    assert quoted in FIRST

    file = FIRST.replace(quoted, json.dumps(after, ensure_ascii=False).encode())

    assert codes(changed(file, lambda _: None)) == {"shape"}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            lambda proof: proof["rules"]["prizes"][0].update(percent="x"),
            "rules.prizes[0].percent: must be text",
        ),
        (lambda proof: proof["rules"].update(prizePool="0.00"), "rules.prizePool: must be more than 0"),
        (lambda proof: proof["rules"].update(prizes=[]), "rules.prizes: must be a list that pays"),
        (
            lambda proof: proof["rules"].update(minWager="99999999999.99999999"),
            "standing 0: its position is 2",
        ),
    ],
)
def test_rules_that_cannot_be_applied_are_named(change: Callable[[Any], object], sentence: str) -> None:
    found = sentences(changed(FIRST, lambda said: change(said["proof"])))

    assert any(text.startswith(sentence) for text in found)
