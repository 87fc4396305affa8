"""`GET /api/wager-races/{id}/proof`: what anybody can check offline, as it is handed out."""

import asyncio
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from goatedvips.kit.clock import utc_now
from goatedvips.kit.postgres import create_engine
from goatedvips.races.rules.proof import verify
from goatedvips.races.settlement import download
from goatedvips.races.settlement.correction import take_away
from goatedvips.races.settlement.service import settle_due

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tests.api.conftest import Site

Answer = TypeVar("Answer")


def with_engine(site: "Site", verb: Callable[[AsyncEngine], "Awaitable[Answer]"]) -> Answer:
    async def run() -> Answer:
        engine = create_engine(site.dsn)
        try:
            return await verb(engine)
        finally:
            await engine.dispose()

    return asyncio.run(run())


@pytest.fixture
def settled(site: "Site") -> int:
    """A race of two, Ada before Bob, whose end has come."""
    race = int(site.race(name="Settled")["id"])
    site.pull()
    site.feed.wager("uidAda00000000000001", "30")
    site.feed.wager("uidBob00000000000002", "10")
    site.pull()
    site.execute("UPDATE wager_races SET end_date = now() - interval '1 second' WHERE id = %s", race)
    site.pull_unseen()
    assert with_engine(site, lambda engine: settle_due(engine, utc_now)) == [race]
    return race


def take_ada_out(site: "Site", race: int) -> None:
    async def take(engine: AsyncEngine) -> None:
        async with engine.begin() as connection:
            ((ada,),) = site.execute("SELECT id FROM players WHERE goated_username = 'Ada'")
            await take_away(connection, race, ada, reason="cheated", actor="test", now=utc_now())

    with_engine(site, take)


def test_the_file_passes_the_offline_verification(site: "Site", settled: int) -> None:
    answer = site.get(f"/api/wager-races/{settled}/proof")

    verdict = verify(answer.content)
    assert answer.status_code == 200
    assert (verdict.findings, verdict.race_id, verdict.version, verdict.ranked) == ([], settled, 1, 2)
    file: dict[str, Any] = answer.json()
    assert sorted(file) == ["openings", "proof", "sha256"]
    assert [opening[1:] for opening in file["openings"]] == [
        ["uidAda00000000000001", "Ada"],
        ["uidBob00000000000002", "bob_the_builder"],
    ]
    assert answer.headers["etag"].startswith(f'"{file["sha256"]}-')
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-disposition"] == f'attachment; filename="race-{settled}-proof-1.json"'


def test_each_version_has_its_file_and_the_newest_is_given(site: "Site", settled: int) -> None:
    take_ada_out(site, settled)

    newest, first, second = (
        site.get(f"/api/wager-races/{settled}/proof{query}") for query in ("", "?version=1", "?version=2")
    )

    assert newest.content == second.content
    assert [verify(answer.content).version for answer in (first, second)] == [1, 2]
    assert verify(second.content).findings == []
    assert verify(second.content).previous == verify(first.content).sha256
    assert first.headers["cache-control"] == "no-cache"
    assert newest.headers["cache-control"] == "no-cache"
    assert newest.headers["content-disposition"].endswith('"race-' + f'{settled}-proof-2.json"')


def test_who_holds_the_file_is_not_sent_it_again(site: "Site", settled: int) -> None:
    path = f"/api/wager-races/{settled}/proof?version=1"
    held = site.get(path)

    again = site.get(path, {"If-None-Match": held.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == held.headers["etag"]
    assert again.headers["cache-control"] == held.headers["cache-control"]


def test_a_file_of_many_pieces_is_the_same(
    site: "Site", settled: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = site.get(f"/api/wager-races/{settled}/proof").content
    monkeypatch.setattr(download, "_SLICE", 7)
    monkeypatch.setattr(download, "_OPENINGS", 1)

    assert site.get(f"/api/wager-races/{settled}/proof").content == whole


def test_who_was_erased_is_not_told_and_the_proof_holds(site: "Site", settled: int) -> None:
    site.execute("UPDATE race_standings SET username = 'erased', salt = NULL WHERE position = 2")

    answer = site.get(f"/api/wager-races/{settled}/proof")

    assert json.loads(answer.content)["openings"][1] is None
    assert b"bob_the_builder" not in answer.content
    verdict = verify(answer.content)
    assert (verdict.findings, verdict.erased) == ([], 1)


def test_before_the_settlement_there_is_none(shared: "Site") -> None:
    race = shared.json("/api/wager-races/current?type=special")["id"]

    answer = shared.get(f"/api/wager-races/{race}/proof")

    assert answer.status_code == 409
    assert answer.json()["code"] == "race_not_settled"
    assert answer.json()["detail"] == f"Race {race} is live; it has no result yet."


def test_a_race_or_version_that_is_not_there_is_not_found(site: "Site", settled: int) -> None:
    race = site.get("/api/wager-races/999/proof")
    version = site.get(f"/api/wager-races/{settled}/proof?version=2")

    assert (race.status_code, race.json()["code"]) == (404, "race_not_found")
    assert (version.status_code, version.json()["code"]) == (404, "no_such_version")
    assert version.json()["detail"] == (f"The result of race {settled} has no version 2; its newest is 1.")


@pytest.mark.parametrize("version", ["0", "x", "32768", "1&version=2"])
def test_a_version_that_cannot_be_is_refused(shared: "Site", version: str) -> None:
    assert shared.get(f"/api/wager-races/1/proof?version={version}").status_code == 422
