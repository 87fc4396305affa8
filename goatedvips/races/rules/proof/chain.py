"""Whether proofs follow each other."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from goatedvips.races.rules.proof.verdict import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Chain:
    """What several proofs say together: `findings` are faults, `notes` are none."""

    findings: list[Finding]
    notes: list[Finding]


def link(verdicts: Sequence[Verdict]) -> Chain:
    """Match each proof's `previous` with the others, in any order; files that could not be read are left out.

    A proof that follows one which is not there is no fault: a note says that this link is not checked.
    """
    proofs: dict[str | None, Verdict] = {
        verdict.sha256: verdict for verdict in verdicts if verdict.sha256 is not None
    }
    findings = [*_two_results(list(proofs.values())), *_forks(list(proofs.values()))]
    notes: list[Finding] = []
    for proof in proofs.values():
        before = proofs.get(proof.previous)
        if proof.previous is None:
            notes.append(Finding("first", f"{title(proof)} says that it is the first of its chain."))
        elif before is None:
            text = f"{title(proof)} follows the proof {proof.previous}, which is not among the files"
            notes.append(Finding("previous_missing", f"{text}: that link cannot be checked without it."))
        elif before.series_id != proof.series_id:
            text = f"{title(proof)} follows {title(before)}, which is of another series"
            findings.append(Finding("series", f"{text}; each has its own chain."))
        else:
            notes.append(Finding("follows", f"{title(proof)} follows {title(before)}."))
    return Chain(findings, notes)


def title(proof: Verdict) -> str:
    """Name a proof that could be read."""
    return f"Version {proof.version} of race {proof.race_id}"


def _two_results(proofs: Sequence[Verdict]) -> Iterator[Finding]:
    results = defaultdict[tuple[int | None, int | None], list[Verdict]](list)
    for proof in proofs:
        results[proof.race_id, proof.version].append(proof)
    for same in results.values():
        if len(same) > 1:
            hashes = " and ".join(str(proof.sha256) for proof in same)
            yield Finding("two_results", f"{title(same[0])} has {len(same)} proofs that differ: {hashes}.")


def _forks(proofs: Sequence[Verdict]) -> Iterator[Finding]:
    following = defaultdict[tuple[int | None, str | None], list[Verdict]](list)
    for proof in proofs:
        following[proof.series_id, proof.previous].append(proof)
    for (_, previous), same in following.items():
        if len(same) > 1:
            claim = "be the first" if previous is None else f"follow {previous}"
            both = " and ".join(title(proof) for proof in same)
            yield Finding("fork", f"{both} claim to {claim}: a chain has one proof there.")
