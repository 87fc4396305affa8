"""The proof of a race's result, for anybody to check from the file alone; `docs/proof.md` is its format.

A proof is one canonical JSON document (RFC 8785) with the race, its rules, its two boundary reports and
every standing, and the SHA-256 of the proof before it. People appear as salted commitments, which the
openings beside the document open: without an opening nobody learns a name, and the document stays whole.
"""

from goatedvips.races.rules.proof.chain import Chain, link
from goatedvips.races.rules.proof.document import Boundary, Columns, Exclusion, Header, Rules, document
from goatedvips.races.rules.proof.openings import commitment, proof_file
from goatedvips.races.rules.proof.verdict import Finding, Verdict
from goatedvips.races.rules.proof.verification import verify

__all__ = [
    "Boundary",
    "Chain",
    "Columns",
    "Exclusion",
    "Finding",
    "Header",
    "Rules",
    "Verdict",
    "commitment",
    "document",
    "link",
    "proof_file",
    "verify",
]
