"""`goatedvips verify proof FILE…`: check races' results from their proofs, without a database or network."""

import re
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from goatedvips.cli.output import Json, print_json, say
from goatedvips.kit.errors import BadInput
from goatedvips.races.rules.proof import Chain, Finding, Verdict, link, verify
from goatedvips.races.rules.proof.reading import MAX_FILE

Files = Annotated[
    list[str], typer.Argument(metavar="FILE...", help="Proofs of races, in any order; - is stdin.")
]
Previous = Annotated[str | None, typer.Option(help="The proof that one of these follows.")]
Published = Annotated[
    str | None, typer.Option("--sha256", help="The hash that was published, of a single FILE.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(proof)


def proof(files: Files, previous: Previous = None, sha256: Published = None, as_json: Json = False) -> None:
    """Check races' results from their proofs alone, offline; exits 1 if one does not hold."""
    published = _published(sha256, files)
    named = [*files, *([] if previous is None else [previous])]
    if named.count("-") > 1:
        raise BadInput.field("FILE", "stdin (-) can be read once only")
    verdicts = [_checked(name) for name in named]
    if published is not None:
        _compare(verdicts[0], published)
    chain = link(verdicts)
    if previous is not None:
        _require_follower(verdicts, chain)
    if as_json:
        print_json(_as_json(named, verdicts, chain))
    else:
        _tell(named, verdicts, chain)
    if chain.findings or not all(verdict.holds for verdict in verdicts):
        raise typer.Exit(1)


def _published(sha256: str | None, files: list[str]) -> str | None:
    if sha256 is None:
        return None
    if len(files) > 1:
        raise BadInput.field("sha256", "is the hash of one proof: give a single FILE with it")
    if not re.fullmatch("[0-9a-fA-F]{64}", sha256):
        raise BadInput.field("sha256", f"{sha256!r} is no SHA-256 of 64 hexadecimal digits")
    return sha256.lower()


def _checked(name: str) -> Verdict:
    try:
        # One byte more than may be, so that it is seen to be too many.
        if name == "-":
            return verify(sys.stdin.buffer.read(MAX_FILE + 1))
        with Path(name).open("rb") as file:
            return verify(file.read(MAX_FILE + 1))
    # A path with a null byte is a ValueError.
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        return Verdict([Finding("unreadable", f"The file cannot be read: {reason}.")])


def _compare(verdict: Verdict, published: str) -> None:
    if verdict.sha256 not in {None, published}:
        text = f"The proof's SHA-256 is {verdict.sha256}, not the published {published}"
        verdict.findings.append(Finding("published", f"{text}: it is not the proof that was published."))


def _require_follower(verdicts: list[Verdict], chain: Chain) -> None:
    *proofs, earlier = verdicts
    if earlier.sha256 is not None and all(proof.previous != earlier.sha256 for proof in proofs):
        text = f"None of the proofs follows the one of --previous, {earlier.sha256}"
        chain.findings.append(Finding("not_previous", f"{text}: they name another before them."))


def _tell(names: list[str], verdicts: list[Verdict], chain: Chain) -> None:
    for name, verdict in zip(names, verdicts, strict=True):
        held = "holds" if verdict.holds else "does not hold"
        say(held, label=f"{name}:", style="bold green" if verdict.holds else "bold red")
        if verdict.sha256 is not None:
            say(f"  race {verdict.race_id} {verdict.name!r}, version {verdict.version} of its result")
            counted = f"{verdict.participants:,} standings, {verdict.ranked:,} ranked"
            say(f"  {counted}, {verdict.awards:,} awards, {verdict.erased:,} erased")
            say(f"  SHA-256 {verdict.sha256}; compare it with the one that the site shows")
        for finding in verdict.findings:
            say(finding.text, label=f"  {finding.code}:")
        for note in verdict.notes:
            say(f"  · {note.text}")
    for finding in chain.findings:
        say(finding.text, label=f"{finding.code}:")
    for note in chain.notes:
        say(f"· {note.text}")


def _as_json(names: list[str], verdicts: list[Verdict], chain: Chain) -> dict[str, Any]:
    return {
        "holds": not chain.findings and all(verdict.holds for verdict in verdicts),
        "proofs": [
            {
                "file": name,
                "holds": verdict.holds,
                "raceId": verdict.race_id,
                "name": verdict.name,
                "seriesId": verdict.series_id,
                "version": verdict.version,
                "sha256": verdict.sha256,
                "previous": verdict.previous,
                "participants": verdict.participants,
                "ranked": verdict.ranked,
                "awards": verdict.awards,
                "erased": verdict.erased,
                "findings": _listed(verdict.findings),
                "notes": _listed(verdict.notes),
            }
            for name, verdict in zip(names, verdicts, strict=True)
        ],
        "chain": {"findings": _listed(chain.findings), "notes": _listed(chain.notes)},
    }


def _listed(findings: list[Finding]) -> list[dict[str, str]]:
    return [{"code": finding.code, "text": finding.text} for finding in findings]
