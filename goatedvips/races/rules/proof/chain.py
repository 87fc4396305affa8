"""Whether proofs follow each other."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from goatedvips.races.rules.proof.corrections import between_versions
from goatedvips.races.rules.proof.verdict import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Chain:
    """What several proofs say together: `findings` are faults, `notes` are none."""

    findings: list[Finding]
    notes: list[Finding]


def link(verdicts: Sequence[Verdict]) -> Chain:
    """Match each proof's `previous` with the others, in any order; files that could not be read are left out.

    Versions of one race are compared. A proof that follows one which is not there is no fault: a note says
    that this link is not checked.
    """
    proofs: dict[str | None, Verdict] = {
        verdict.sha256: verdict for verdict in verdicts if verdict.sha256 is not None
    }
    there = list(proofs.values())
    findings = [*_two_results(there), *_forks(there), *_out_of_order(proofs)]
    changes, notes = between_versions(there)
    findings += changes
    for proof in proofs.values():
        before = proofs.get(proof.previous)
        if proof.previous is None:
            notes.append(Finding("first", f"{_title(proof)} says that it is the first of its chain."))
        elif before is None:
            text = f"{_title(proof)} follows the proof {proof.previous}, which is not among the files"
            notes.append(Finding("previous_missing", f"{text}: that link cannot be checked without it."))
        elif before.series_id != proof.series_id:
            text = f"{_title(proof)} follows {_inside(before)}, which is of another series"
            findings.append(Finding("series", f"{text}; each has its own chain."))
        else:
            notes.append(Finding("follows", f"{_title(proof)} follows {_inside(before)}."))
    return Chain(findings, notes)


def _title(proof: Verdict) -> str:
    return f"Version {proof.version} of race {proof.race_id}"


def _inside(proof: Verdict) -> str:
    return _title(proof).lower()


def _two_results(proofs: Sequence[Verdict]) -> Iterator[Finding]:
    results = defaultdict[tuple[int | None, int | None], list[Verdict]](list)
    for proof in proofs:
        results[proof.race_id, proof.version].append(proof)
    for same in results.values():
        if len(same) > 1:
            hashes = " and ".join(str(proof.sha256) for proof in same)
            yield Finding("two_results", f"{_title(same[0])} has {len(same)} proofs that differ: {hashes}.")


def _forks(proofs: Sequence[Verdict]) -> Iterator[Finding]:
    following = defaultdict[tuple[int | None, str | None], list[Verdict]](list)
    for proof in proofs:
        following[proof.series_id, proof.previous].append(proof)
    for (_, previous), same in following.items():
        if len(same) > 1:
            claim = "be the first" if previous is None else f"follow {previous}"
            names = " and ".join([_title(same[0]), *map(_inside, same[1:])])
            yield Finding("fork", f"{names} each claim to {claim}: a chain has one proof there.")


def _out_of_order(proofs: Mapping[str | None, Verdict]) -> Iterator[Finding]:
    for proof in proofs.values():
        if proof.version is None or proof.previous is None:
            continue
        oldest: Verdict = proof
        while (before := proofs.get(oldest.previous)) is not None and before.race_id != proof.race_id:
            oldest = before
        if before is not None:
            if before.version != proof.version - 1:
                text = f"{_title(proof)} comes next after {_inside(before)} in the chain"
                yield Finding("version_order", f"{text}, but versions go on from 1 by one.")
        elif oldest.previous is None and proof.version > 1:
            text = f"{_title(proof)} corrects version {proof.version - 1}"
            yield Finding("version_order", f"{text}, which is nowhere before it in a chain that is complete.")
