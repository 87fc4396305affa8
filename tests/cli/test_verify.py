"""`goatedvips verify`: what it prints, and how it ends."""

import psycopg

from tests.cli.conftest import Program


def test_the_log_tells_its_head_which_the_next_look_then_finds(kept: Program) -> None:
    first = kept("verify", "audit", "--json")
    told = first.json()
    second = kept("verify", "audit", "--head", told["head"].upper(), "--json")

    assert (first.code, second.code) == (0, 0)
    assert told == {"holds": True, "entries": told["entries"], "head": told["head"], "findings": []}
    assert second.json() == told


def test_what_holds_is_said_with_the_head_to_note(kept: Program) -> None:
    told = kept("verify", "audit", "--json").json()
    said = kept.process("verify", "audit")

    assert said.code == 0
    assert said.out == (
        f"The audit log has {told['entries']} entries; its head is {told['head']}.\n✓ All of it holds.\n"
    )


def test_an_empty_ledger_holds(kept: Program) -> None:
    said = kept("verify", "ledger", "--json")

    assert said.code == 0
    assert said.json() == {"holds": True, "transfers": 0, "findings": []}


def test_a_head_that_the_log_does_not_have_is_a_finding(kept: Program) -> None:
    said = kept("verify", "audit", "--head", "ab" * 32)

    assert said.code == 1
    assert f"✗ No entry has the hash {'ab' * 32}: the end of the log was removed" in said.out
    assert "holds" not in said.out


def test_a_head_that_is_no_hash_is_refused(kept: Program) -> None:
    said = kept("verify", "audit", "--head", "abc", "--json")

    assert said.code == 1
    assert said.json()["errors"] == [
        {"field": "head", "message": "'abc' is no SHA-256 of 64 hexadecimal digits"}
    ]


def test_findings_are_sentences_and_end_with_1(goatedvips: Program) -> None:
    assert goatedvips("migrate").code == 0
    with psycopg.connect(goatedvips.settings["DATABASE_URL"]) as connection:
        connection.execute(
            "INSERT INTO ledger_transfers (key, debit, credit, amount, at)"
            " VALUES ('race:7:1:pool', 'operator', 'race:7:pool', 5000, now())"
        )

    spoken, told = goatedvips("verify", "ledger"), goatedvips("verify", "ledger", "--json")

    assert (spoken.code, told.code) == (1, 1)
    findings = [
        "Account race:7:pool holds 50.00 dollars: it should be empty.",
        "Transfer race:7:1:pool touches race:7:pool, but no race of this number is settled.",
    ]
    assert told.json() == {"holds": False, "transfers": 1, "findings": findings}
    assert spoken.out == "The ledger has 1 transfers.\n" + "".join(f"✗ {line}\n" for line in findings)
