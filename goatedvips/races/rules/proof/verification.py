"""Whether a proof holds, from its file alone."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

from goatedvips.races.rules.proof.document import COLUMNS
from goatedvips.races.rules.proof.openings import commitment
from goatedvips.races.rules.proof.reading import FileSaid, ProofSaid, canonical, read, repeated_member
from goatedvips.races.rules.proof.recount import claims, recount
from goatedvips.races.rules.proof.verdict import Finding, Verdict, named


def verify(file: bytes) -> Verdict:
    """Check a proof's file; never raises, whatever the bytes are.

    The form, the hash, every opening, position, prize, award and total, and the boundaries are recomputed.
    Standings are counted from 0, in the file's order.
    """
    said = read(file)
    if isinstance(said, Finding):
        return Verdict([said])
    proof, hashed = said.proof, sha256(canonical(said.proof)).hexdigest()
    claimed = claims(proof)
    return Verdict(
        findings=[
            *_bytes(file, said, hashed=hashed),
            *_openings(said),
            *_head(proof),
            *_boundaries(proof),
            *recount(proof, claimed),
        ],
        notes=[*_erased(said), *_early(proof)],
        race_id=proof.race.id,
        name=proof.race.name,
        series_id=proof.race.series_id,
        version=proof.version,
        sha256=hashed,
        previous=proof.previous,
        participants=len(proof.standings),
        ranked=sum(standing.position is not None for standing in proof.standings),
        awards=len(proof.awards),
        erased=said.openings.count(None),
        claims=claimed,
    )


def _bytes(file: bytes, said: FileSaid, *, hashed: str) -> Iterator[Finding]:
    if said.sha256 != hashed:
        text = f"The file says that the proof's SHA-256 is {said.sha256}, but it is {hashed}."
        yield Finding("hash", f"{text} The proof is not the one that was written.")
    if canonical(said) == file:
        return
    if (member := repeated_member(file)) is not None:
        yield Finding("duplicate_member", f"An object has the member {member!r} twice.")
    yield Finding("not_canonical", "The file is not canonical JSON (RFC 8785): it was written again.")


def _openings(said: FileSaid) -> Iterator[Finding]:
    openings, standings = said.openings, said.proof.standings
    if len(openings) != len(standings):
        counted = f"There are {len(openings)} openings for {len(standings)} standings"
        yield Finding("openings", f"{counted}; each standing has one, or null.")
    shut = [
        row
        for row, (opening, standing) in enumerate(zip(openings, standings, strict=False))
        if opening is not None
        and commitment(bytes.fromhex(opening.salt), uid=opening.uid, username=opening.username).hex()
        != standing.commitment
    ]
    yield from named(
        "opening", shut, lambda row: f"standing {row}: the name or uid does not open its commitment."
    )
    yield from _twice("commitment", [standing.commitment for standing in standings])
    yield from _twice("uid", [opening and opening.uid for opening in openings])


def _twice(what: str, held: Sequence[Hashable]) -> Iterator[Finding]:
    first: dict[Hashable, int] = {}
    again = [
        row for row, value in enumerate(held) if value is not None and first.setdefault(value, row) != row
    ]
    yield from named(
        f"{what}_twice",
        again,
        lambda row: f"standing {row}: its {what} is also that of standing {first[held[row]]}.",
    )


def _head(proof: ProofSaid) -> Iterator[Finding]:
    if proof.columns != COLUMNS:
        yield Finding("columns", f"The columns are not {', '.join(COLUMNS)}.")
    if proof.version > 1 and proof.previous is None:
        yield Finding("previous", "A correction follows the proof that it corrects, but this one names none.")


def _boundaries(proof: ProofSaid) -> Iterator[Finding]:
    start, end = proof.boundaries.start, proof.boundaries.end
    # All are written alike and in UTC, so that their text has their order.
    instants = proof.race.start_date, proof.race.end_date, start.as_of, end.as_of, proof.settled_at
    unreal = [instant for instant in instants if not _is_real(instant)]
    yield from named("instant", range(len(unreal)), lambda row: f"{unreal[row]} is no moment that ever was.")
    for wrong, text in (
        (proof.race.end_date <= proof.race.start_date, "The race ends before it starts."),
        (
            end.run < start.run or end.as_of < start.as_of,
            "The end boundary's report is from before the start boundary's.",
        ),
        (end.run == start.run and end != start, "The boundaries are one run, but not one report."),
        (proof.settled_at < max(proof.race.end_date, end.as_of), "The race was settled before it could be."),
    ):
        if wrong:
            yield Finding("boundaries", text)


def _is_real(instant: str) -> bool:
    try:
        datetime.fromisoformat(instant)
    except ValueError:
        return False
    return True


def _erased(said: FileSaid) -> Iterator[Finding]:
    if count := said.openings.count(None):
        text = f"{count} of the standings cannot be opened, since their people were erased"
        yield Finding("erased", f"{text}: the names are not checked, all else is.")


def _early(proof: ProofSaid) -> Iterator[Finding]:
    if proof.boundaries.start.as_of < proof.race.start_date:
        text = "The race before this one was settled on the last report before its end"
        yield Finding(
            "started_early", f"{text}, so this one counts from there: {proof.boundaries.start.as_of}."
        )
    if proof.boundaries.end.as_of < proof.race.end_date:
        text = "An administrator settled the race on the last report before its end"
        yield Finding(
            "settled_early", f"{text}: what was wagered after {proof.boundaries.end.as_of} does not count."
        )
