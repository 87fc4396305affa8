import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.races.rules.proof import Boundary, Columns, Header, Rules, commitment, document, proof_file
from goatedvips.races.rules.proof.document import PIECE

HEADER = Header(
    race_id=7,
    name='Dâily "race" ,"standings":[ \U0001f40d\x00',
    type="daily",
    series_id=3,
    starts_at=datetime(2026, 3, 1, tzinfo=UTC),
    ends_at=datetime(2026, 3, 2, tzinfo=UTC),
    timezone="Europe/Berlin",
    version=1,
    rules=Rules(50_000, [{"place": 1, "percent": "60"}], "first_to_reach", "forfeit", 10 * 10**8),
    start=Boundary(11, datetime(2026, 3, 1, 0, 1, tzinfo=UTC), "aa" * 32),
    end=Boundary(99, datetime(2026, 3, 2, 0, 1, tzinfo=UTC), "bb" * 32),
    settled_at=datetime(2026, 3, 2, 0, 2, tzinfo=UTC),
    previous="cc" * 32,
)
SALT = bytes(range(16))
units = st.integers(0, 2**63 - 1)
rows = st.tuples(
    units,
    units,
    st.integers(0, 2**53 - 1),
    st.integers(0, 2**31 - 1),
    st.integers(0, 10**12),
    st.integers(0, 2),
)
texts = st.text(st.characters(codec="utf-8"), max_size=20)


def columns(some: Sequence[tuple[int, ...]]) -> Columns:
    table = np.array(some, np.int64).reshape(-1, 6).T
    baselines, totals, reached, positions, prizes, excluded = table
    return Columns(baselines, totals, reached, positions.astype(np.int32), prizes, excluded.astype(np.int8))


def written(some: Sequence[tuple[int, ...]], header: Header = HEADER) -> bytes:
    held = columns(some)
    return b"".join(document(header, held, b"".join(bytes([row % 256]) * 32 for row in range(len(held)))))


@given(st.lists(rows, max_size=8), texts, st.none() | st.integers(1, 2**53 - 1))
def test_the_document_is_canonical_json(some: list[tuple[int, ...]], name: str, series: int | None) -> None:
    body = written(some, replace(HEADER, name=name, series_id=series))

    assert rfc8785.dumps(json.loads(body)) == body


def test_pieces_join_where_many_standings_are_cut() -> None:
    body = written([(0, 10**8, 12, 0, 0, 1)] * (2 * PIECE + 1))

    assert rfc8785.dumps(json.loads(body)) == body
    assert len(json.loads(body)["standings"]) == 2 * PIECE + 1


def test_a_row_says_both_totals_the_run_the_position_the_prize_and_the_exclusion() -> None:
    said = json.loads(written([(5, 17_83000005, 42, 1, 30_000, 0), (0, 2**63 - 1, 0, 0, 0, 2)]))

    assert said["standings"] == [
        ["00" * 32, "0.00000005", "17.83000005", 42, 1, "300.00", 0],
        ["01" * 32, "0.00000000", "92233720368.54775807", 0, None, "0.00", 2],
    ]
    assert said["totals"] == {
        "participants": 2,
        "ranked": 1,
        "wagered": "92233720386.37775807",
        "prizes": "300.00",
    }
    assert said["awards"] == [{"place": 1, "prize": "300.00", "standing": 0}]


def test_the_document_says_what_decided_the_race() -> None:
    said = json.loads(written([]))

    assert {name: said[name] for name in ("race", "rules", "boundaries", "previous", "settledAt")} == {
        "race": {
            "id": 7,
            "name": HEADER.name,
            "type": "daily",
            "seriesId": 3,
            "startDate": "2026-03-01T00:00:00.000Z",
            "endDate": "2026-03-02T00:00:00.000Z",
            "timezone": "Europe/Berlin",
        },
        "rules": {
            "prizePool": "500.00",
            "prizes": [{"place": 1, "percent": "60"}],
            "tiePolicy": "first_to_reach",
            "rejectPolicy": "forfeit",
            "minWager": "10.00000000",
        },
        "boundaries": {
            "start": {"run": 11, "asOf": "2026-03-01T00:01:00.000Z", "reportSha256": "aa" * 32},
            "end": {"run": 99, "asOf": "2026-03-02T00:01:00.000Z", "reportSha256": "bb" * 32},
        },
        "previous": "cc" * 32,
        "settledAt": "2026-03-02T00:02:00.000Z",
    }


def test_awards_are_listed_by_place_and_then_in_the_order_of_the_standings() -> None:
    said = json.loads(written([(0, 9, 1, 3, 5, 0), (0, 9, 1, 1, 9, 0), (0, 9, 1, 1, 8, 0)]))

    assert [(award["place"], award["standing"]) for award in said["awards"]] == [(1, 1), (1, 2), (3, 0)]


def test_what_a_million_could_wager_is_added_without_overflow() -> None:
    said = json.loads(written([(0, 2**63 - 1, 1, 0, 0, 0)] * 3))

    assert said["totals"]["wagered"] == "276701161105.64327421"


def test_columns_that_are_not_equally_long_are_refused() -> None:
    held = columns([(0, 9, 1, 1, 9, 0)])

    with pytest.raises(ValueError, match="equally long"):
        list(document(HEADER, held, b""))


@pytest.mark.parametrize("column", range(6))
def test_negative_numbers_are_refused(column: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        written([tuple(-1 if place == column else 0 for place in range(6))])


def test_runs_that_json_cannot_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="exactly"):
        written([(0, 0, 2**53, 0, 0, 0)])


def test_a_commitment_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="equally long"):
        list(document(HEADER, columns([(0, 9, 1, 1, 9, 0)] * 2), b"a" * 63))


def test_a_commitment_is_the_hash_that_the_docs_say() -> None:
    said = SALT + b"\x00\x00\x00\x02u1" + b"\x00\x00\x00\x05J\xc3\xb6rg"

    assert sha256(said).digest() == commitment(SALT, uid="u1", username="Jörg")


@given(st.tuples(texts, texts), st.tuples(texts, texts))
def test_only_the_same_uid_and_name_have_the_same_commitment(
    one: tuple[str, str], other: tuple[str, str]
) -> None:
    first, second = (commitment(SALT, uid=uid, username=name) for uid, name in (one, other))

    assert (first == second) == (one == other)


def test_uid_and_name_do_not_run_together() -> None:
    assert commitment(SALT, uid="ab", username="c") != commitment(SALT, uid="a", username="bc")


def test_a_salt_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        commitment(b"short", uid="u", username="n")


@given(st.lists(st.tuples(st.none() | st.just(SALT), texts, texts), max_size=5))
def test_the_file_is_canonical_and_opens_all_but_erased_standings(
    openings: list[tuple[bytes | None, str, str]],
) -> None:
    file = b"".join(proof_file([b'{"a"', b":1}"], sha256="ff" * 32, openings=openings))

    said: dict[str, Any] = json.loads(file)
    assert rfc8785.dumps(said) == file
    assert said == {
        "openings": [None if salt is None else [salt.hex(), uid, name] for salt, uid, name in openings],
        "proof": {"a": 1},
        "sha256": "ff" * 32,
    }


def test_openings_join_where_many_are_cut() -> None:
    file = b"".join(proof_file([b"{}"], sha256="ff" * 32, openings=[(SALT, "u", "n")] * (2 * PIECE + 1)))

    assert rfc8785.dumps(json.loads(file)) == file
    assert len(json.loads(file)["openings"]) == 2 * PIECE + 1
