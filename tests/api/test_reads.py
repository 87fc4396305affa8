"""Every public read: its shape, its headers, and what it says to bad questions."""

from typing import TYPE_CHECKING

import pytest
from pydantic import BaseModel

from goatedvips.leaderboards.schemas import LeaderboardAround, LeaderboardData
from goatedvips.players.schemas import PlayerHistory, TierList, UserProfile, UserSearchResponse
from goatedvips.races.schemas import RacePosition, RaceStandings, WagerRaceList, WagerRaceResponse

if TYPE_CHECKING:
    from tests.api.conftest import Site

ADA = "uidAda00000000000001"

READS: list[tuple[str, type[BaseModel]]] = [
    ("/api/leaderboard", LeaderboardData),
    ("/api/leaderboard?period=today&page=2&limit=2", LeaderboardData),
    ("/api/leaderboard?period=this_week&search=ada", LeaderboardData),
    ("/api/leaderboard?page=1000000000&limit=100", LeaderboardData),
    (f"/api/leaderboard/around/{ADA}?period=this_month&radius=1", LeaderboardAround),
    ("/api/users/search?q=ada", UserSearchResponse),
    (f"/api/users/{ADA}", UserProfile),
    (f"/api/users/{ADA}/history?window=24h", PlayerHistory),
    ("/api/tiers", TierList),
    ("/api/wager-races", WagerRaceList),
    ("/api/wager-races?status=live&type=monthly&page=1&limit=1", WagerRaceList),
    ("/api/wager-races/current", WagerRaceResponse),
    ("/api/wager-races/current?type=special", WagerRaceResponse),
    ("/api/wager-races/RACE", WagerRaceResponse),
    ("/api/wager-races/RACE/standings?page=1&limit=2", RaceStandings),
    ("/api/wager-races/RACE/standings?search=bob", RaceStandings),
    (f"/api/wager-races/RACE/position/{ADA}", RacePosition),
]


@pytest.fixture(scope="module")
def race(shared: "Site") -> str:
    return str(shared.json("/api/wager-races/current?type=special")["id"])


@pytest.mark.parametrize(("path", "model"), READS, ids=[path for path, _ in READS])
def test_an_answer_is_what_its_schema_promises(
    shared: "Site", race: str, path: str, model: type[BaseModel]
) -> None:
    answer = shared.get(path.replace("RACE", race))

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert model.model_validate_json(answer.content)


def test_a_board_is_downloaded_as_a_file_that_names_its_version(shared: "Site") -> None:
    ranked = shared.json("/api/leaderboard")["metadata"]["rankedUsers"]

    answer = shared.get("/api/leaderboard.csv")

    assert answer.headers["content-type"].startswith("text/csv")
    assert 'filename="leaderboard-all_time-version-' in answer.headers["content-disposition"]
    assert len(answer.text.splitlines()) == ranked + 1
    assert shared.get("/api/leaderboard.csv?period=ever").status_code == 422
