"""Writes the test vectors of `docs/proof.md`: `python docs/proof_vectors.py [FOLDER]`."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import rfc8785

from goatedvips.races.rules.prizes import PrizeTable, award, split
from goatedvips.races.rules.proof import (
    Boundary,
    Columns,
    Exclusion,
    Header,
    Rules,
    commitment,
    document,
    proof_file,
)
from goatedvips.races.rules.ranking import rank

FOLDER = Path(__file__).parent / "proof-vectors"
DOLLAR = 10**8

TABLE = [
    {"place": 1, "percent": "50"},
    {"place": 2, "amount": "20"},
    {"from": 3, "to": 4, "percent": "7.777777"},
]
RULES = Rules(
    100_01, PrizeTable.parse(TABLE, pool_cents=100_01).to_json(), "first_to_reach", "forfeit", 5 * DOLLAR
)
HEADER = Header(
    race_id=7,
    name="Daily race · Sonntag ☀",
    type="daily",
    series_id=3,
    starts_at=datetime(2026, 3, 29, 22, tzinfo=UTC),
    ends_at=datetime(2026, 3, 30, 22, tzinfo=UTC),
    timezone="Europe/Berlin",
    version=1,
    rules=RULES,
    start=Boundary(101, datetime(2026, 3, 29, 22, 0, 2, 250_000, tzinfo=UTC), "11" * 32),
    end=Boundary(389, datetime(2026, 3, 30, 22, 0, 1, 875_000, tzinfo=UTC), "22" * 32),
    settled_at=datetime(2026, 3, 30, 22, 0, 4, tzinfo=UTC),
    previous=None,
)


@dataclass(frozen=True)
class Person:
    """Somebody in the race; amounts in units."""

    uid: str
    username: str
    baseline: int
    total: int
    reached: int
    excluded: Exclusion = Exclusion.NO
    erased: bool = False

    @property
    def salt(self) -> bytes:
        """A salt that comes out the same each time; a real one is drawn by chance."""
        return sha256(self.uid.encode()).digest()[:16]


PEOPLE = (
    Person("uid-ada", "ada", 100 * DOLLAR, 350 * DOLLAR + 5, 300),
    Person("uid-jörg", "Jörg 🎲", 0, 250 * DOLLAR + 5, 250),
    Person("uid-quote", 'q"\\\n\u2028', 7 * DOLLAR, 47 * DOLLAR, 120),
    Person("uid-idle", "idle", 12 * DOLLAR, 12 * DOLLAR, 90),
    Person("uid-few", "few", 0, 5 * DOLLAR - 1, 200),
    Person("uid-just", "just enough", 0, 5 * DOLLAR, 389),
    Person("uid-fell", "fell", 9 * DOLLAR, 8 * DOLLAR, 150),
    Person("uid-tied", "tied", 0, 40 * DOLLAR, 120),
    Person("uid-much", "much", 92_000_000_000 * DOLLAR, 92_000_000_001 * DOLLAR, 388),
)


def settled(header: Header, people: Sequence[Person]) -> bytes:
    """Write the file of a result as the rules want it."""
    ids = np.arange(len(people), dtype=np.int64)
    excluded = np.array([person.excluded for person in people], np.int8)
    baselines = np.array([person.baseline for person in people], np.int64)
    totals = np.array([person.total for person in people], np.int64)
    reached = np.array([person.reached for person in people], np.int64)
    rules, out = header.rules, excluded == Exclusion.EXCLUDED
    held = rank(
        np.maximum(totals - baselines, 0),
        reached,
        ids,
        policy=rules.tie_policy,
        min_wager=rules.min_wager,
        excluded=out,
    ).positions
    places = split(rules.prize_pool, PrizeTable.from_shares(rules.prizes))
    prizes, keeps = award(held, ids, places, rules.tie_policy), excluded != Exclusion.FORFEITED
    columns = Columns(baselines, totals, reached, held * keeps, prizes * keeps, excluded)
    bound = [commitment(person.salt, uid=person.uid, username=person.username) for person in people]
    body = b"".join(document(header, columns, b"".join(bound)))
    openings = [(None if person.erased else person.salt, person.uid, person.username) for person in people]
    return b"".join(proof_file([body], sha256=sha256(body).hexdigest(), openings=openings))


def good() -> dict[str, bytes]:
    """Return the files that hold."""
    first = settled(HEADER, PEOPLE)
    correction = replace(HEADER, version=2, previous=json.loads(first)["sha256"])
    staff = _marked("uid-ada", Exclusion.EXCLUDED)
    moving_up = replace(HEADER, rules=replace(RULES, reject_policy="move_up"))
    corrected = replace(moving_up, version=2, previous=json.loads(settled(moving_up, PEOPLE))["sha256"])
    shared = replace(
        HEADER, race_id=8, series_id=None, type="special", rules=replace(RULES, tie_policy="shared")
    )
    early = replace(HEADER.end, as_of=datetime(2026, 3, 30, 21, 50, tzinfo=UTC))
    before = replace(HEADER.start, as_of=datetime(2026, 3, 29, 21, 50, tzinfo=UTC))
    return {
        "first-to-reach": first,
        "shared": settled(shared, PEOPLE),
        "shared-all-one-place": settled(
            shared, [replace(person, baseline=0, total=DOLLAR * 9) for person in PEOPLE]
        ),
        "excluded": settled(HEADER, staff),
        "forfeited": settled(correction, _marked("uid-jörg", Exclusion.FORFEITED)),
        "forfeited-of-shared": settled(
            replace(shared, version=2, previous="33" * 32), _marked("uid-ada", Exclusion.FORFEITED)
        ),
        "moved-up": settled(corrected, staff),
        "erased": settled(HEADER, [replace(person, erased=person.uid == "uid-tied") for person in PEOPLE]),
        "settled-early": settled(replace(HEADER, end=early), PEOPLE),
        "started-early": settled(replace(HEADER, start=before), PEOPLE),
        "nobody": settled(HEADER, []),
    }


def bad() -> dict[str, bytes]:
    """Return the files that do not hold. Where the fault is not in the hash, the hash is made right again."""
    first = settled(HEADER, PEOPLE)
    correction = replace(HEADER, version=2, previous="44" * 32)
    forfeited = settled(correction, _marked("uid-jörg", Exclusion.FORFEITED))
    moving_up = replace(correction, rules=replace(RULES, reject_policy="move_up"))
    return {
        "byte-changed": first.replace(b'"47.00000000"', b'"47.00000001"'),
        "hash-changed": first[:-3] + (b"0" if first[-3:-2] != b"0" else b"1") + first[-2:],
        "row-removed": changed(
            first, lambda said: [said["proof"]["standings"].pop(1), said["openings"].pop(1)]
        ),
        "names-swapped": changed(first, _swap_names),
        "uid-changed": changed(first, lambda said: _set(said["openings"][2], 1, "uid-other")),
        "amount-changed": changed(first, lambda said: _set(_row(said, 7), 2, "41.00000000")),
        "total-changed": changed(first, lambda said: _set(said["proof"]["totals"], "wagered", "1.00000000")),
        "prize-changed": changed(first, lambda said: _set(_row(said, 1), 5, "51.01")),
        "position-changed": changed(first, lambda said: _set(_row(said, 7), 4, 5)),
        "award-changed": changed(first, lambda said: _set(said["proof"]["awards"][1], "prize", "21.00")),
        "awards-out-of-order": changed(first, lambda said: said["proof"]["awards"].reverse()),
        "award-missing": changed(first, lambda said: said["proof"]["awards"].pop()),
        "forfeited-by-settlement": changed(
            forfeited, lambda said: said["proof"].update(version=1, previous=None)
        ),
        "forfeited-where-others-move-up": settled(moving_up, _marked("uid-ada", Exclusion.FORFEITED)),
        "correction-of-nothing": changed(forfeited, lambda said: _set(said["proof"], "previous", None)),
        "table-pays-too-much": changed(first, lambda said: _set(_rules(said)["prizes"][0], "percent", "90")),
        "table-with-a-gap": changed(first, lambda said: _set(_rules(said)["prizes"][1], "place", 9)),
        "tie-policy-changed": changed(first, lambda said: _set(_rules(said), "tiePolicy", "shared")),
        "minimum-changed": changed(first, lambda said: _set(_rules(said), "minWager", "41.00000000")),
        "end-before-start": changed(first, lambda said: _set(_boundaries(said)["end"], "run", 100)),
        "one-run-two-reports": changed(first, lambda said: _set(_boundaries(said)["start"], "run", 389)),
        "race-backwards": changed(
            first, lambda said: _set(said["proof"]["race"], "endDate", "2026-03-01T00:00:00.000Z")
        ),
        "settled-too-early": changed(
            first, lambda said: _set(said["proof"], "settledAt", "2026-03-30T22:00:01.874Z")
        ),
        "no-such-instant": changed(
            first, lambda said: _set(said["proof"], "settledAt", "2026-04-31T00:00:00.000Z")
        ),
        "reached-after-the-end": changed(first, lambda said: _set(_row(said, 0), 3, 390)),
        "more-than-anybody-wagers": changed(
            first, lambda said: _set(_row(said, 8), 2, "92233720368.54775808")
        ),
        "opening-missing": changed(first, lambda said: said["openings"].pop()),
        "person-twice": settled(HEADER, [*PEOPLE, replace(PEOPLE[0], username="ada again")]),
        "commitment-twice": settled(HEADER, [*PEOPLE, replace(PEOPLE[3], erased=True)]),
        "columns-renamed": changed(first, lambda said: said["proof"]["columns"].reverse()),
        "member-twice": first.replace(b'{"openings"', b'{"sha256":"%b","openings"' % (b"0" * 64)),
        "indented": json.dumps(json.loads(first), indent=1, ensure_ascii=False).encode(),
        "newline-at-the-end": first + b"\n",
        "number-as-float": first.replace(b'"version":1}', b'"version":1.0}'),
        "member-unknown": changed(first, lambda said: _set(said["proof"], "remark", "trust us")),
        "member-missing": changed(first, lambda said: said["proof"].pop("totals")),
        "amount-as-number": changed(first, lambda said: _set(_row(said, 0), 1, 100)),
        "hash-in-capitals": first.replace(b'"' + b"22" * 32, b'"' + b"2A" * 32),
        "format-unknown": changed(
            first, lambda said: _set(said["proof"], "format", "goatedvips-race-proof/9")
        ),
        "cut-off": first[:-40],
        "not-utf8": first.replace(b'"idle"', b'"idl\xe9"'),
    }


def forged() -> dict[str, bytes]:
    """Return corrections of the first good file that hold by themselves, but do not correct it."""
    first = settled(HEADER, PEOPLE)
    header = replace(HEADER, version=2, previous=json.loads(first)["sha256"])
    people = _marked("uid-jörg", Exclusion.FORFEITED)
    richer = replace(people[5], total=people[0].total), replace(people[0], total=people[5].total)
    return {
        "totals-swapped": settled(header, [richer[1], *people[1:5], richer[0], *people[6:]]),
        "pool-doubled": settled(replace(header, rules=replace(RULES, prize_pool=200_02)), people),
        "other-report": settled(replace(header, end=replace(HEADER.end, report_sha256="55" * 32)), people),
        "other-series": settled(replace(header, series_id=4), people),
        "other-person": settled(header, [replace(people[0], uid="uid-friend"), *people[1:]]),
        "reached-earlier": settled(header, [replace(people[0], reached=200), *people[1:]]),
        "row-removed": settled(header, people[:-1]),
        "nobody-excluded": settled(header, PEOPLE),
        "others-move-up": settled(header, _marked("uid-jörg", Exclusion.EXCLUDED)),
        "settled-before": settled(
            replace(header, settled_at=datetime(2026, 3, 30, 22, 0, 3, tzinfo=UTC)), people
        ),
        "version-skipped": settled(replace(header, version=3), people),
    }


def changed(file: bytes, change: Callable[[Any], object]) -> bytes:
    """Change what a file says, and make its hash right again."""
    said = json.loads(file)
    change(said)
    said["sha256"] = sha256(rfc8785.dumps(said["proof"])).hexdigest()
    return rfc8785.dumps(said)


def _set(holder: Any, where: str | int, value: object) -> None:  # noqa: ANN401 - an object or an array
    holder[where] = value


def _row(said: Any, row: int) -> Any:  # noqa: ANN401 - JSON
    return said["proof"]["standings"][row]


def _rules(said: Any) -> Any:  # noqa: ANN401 - JSON
    return said["proof"]["rules"]


def _boundaries(said: Any) -> Any:  # noqa: ANN401 - JSON
    return said["proof"]["boundaries"]


def _swap_names(said: Any) -> None:  # noqa: ANN401 - JSON
    one, other = said["openings"][0], said["openings"][1]
    one[2], other[2] = other[2], one[2]


def _marked(uid: str, how: Exclusion) -> list[Person]:
    return [replace(person, excluded=how) if person.uid == uid else person for person in PEOPLE]


def main() -> None:
    """Write every file; `expected.json` and `together.json` beside them must name what is found."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for kind, files in (("good", good()), ("bad", bad()), ("forged", forged())):
        for name, file in files.items():
            (folder / f"{kind}-{name}.json").write_bytes(file)


if __name__ == "__main__":
    main()
