"""The description of the API: complete, and in step with what docs/openapi.json says."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from goatedvips.cli.openapi import document

if TYPE_CHECKING:
    from tests.api.conftest import Site

KEPT = Path(__file__).parents[2] / "docs" / "openapi.json"
ROUTES = {
    "/api/health",
    "/livez",
    "/readyz",
    "/metrics",
    "/api/leaderboard",
    "/api/leaderboard/around/{person}",
    "/api/users/search",
    "/api/users/{person}",
    "/api/users/{person}/history",
    "/api/tiers",
    "/api/wager-races",
    "/api/wager-races/current",
    "/api/wager-races/previous",
    "/api/wager-races/{race_id}",
    "/api/wager-races/{race_id}/standings",
    "/api/wager-races/{race_id}/standings.csv",
    "/api/wager-races/{race_id}/position/{person}",
    "/api/admin/wager-races",
    "/api/wager-races/{race_id}/proof",
    "/api/wager-races.ics",
    "/api/admin/wager-races/preview",
    "/api/admin/wager-races/{race_id}",
    "/api/admin/wager-races/{race_id}/cancel",
    "/api/admin/wager-races/{race_id}/clone",
    "/api/admin/wager-races/{race_id}/settle",
    "/api/admin/wager-races/{race_id}/participants",
    "/api/admin/wager-races/{race_id}/participants/{player}/exclude",
    "/api/admin/wager-races/{race_id}/participants/{player}/restore",
    "/api/admin/race-series",
    "/api/admin/race-series/{series_id}",
    "/api/admin/race-series/{series_id}/enable",
    "/api/admin/race-series/{series_id}/disable",
    "/api/admin/race-series/{series_id}/preview",
    "/api/admin/awards",
    "/api/admin/awards.csv",
    "/api/admin/awards/{award_id}",
    "/api/admin/awards/approve",
    "/api/admin/awards/pay",
    "/api/admin/awards/pay.csv",
    "/api/admin/awards/{award_id}/approve",
    "/api/admin/awards/{award_id}/pay",
    "/api/admin/awards/{award_id}/reject",
    "/api/awards",
    "/api/admin/sync",
    "/api/admin/sync/requests/{request_id}",
    "/api/admin/quarantine",
    "/api/admin/quarantine/{run_id}",
    "/api/admin/quarantine/{run_id}/apply",
    "/api/admin/quarantine/{run_id}/discard",
}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(document())
    return found


def test_the_kept_description_is_in_step() -> None:
    assert KEPT.exists(), "docs/openapi.json is missing; `make openapi` writes it"
    assert document() == KEPT.read_text(encoding="utf-8"), (
        "the API and docs/openapi.json differ; `make openapi` brings them in step"
    )


def test_no_setting_changes_the_description(shared: "Site", described: dict[str, Any]) -> None:
    assert shared.json("/openapi.json") == described


def test_every_route_is_described_with_its_errors(described: dict[str, Any]) -> None:
    operations = [operation for path in described["paths"].values() for operation in path.values()]

    assert described["openapi"].startswith("3.1")
    assert described["paths"].keys() >= ROUTES
    assert all(operation["summary"] for operation in operations)
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for operation in operations:
        problem = operation["responses"]["default"]["content"]["application/problem+json"]
        assert problem["schema"]["$ref"].endswith("/Problem")


@pytest.mark.parametrize(
    "name", ["UserProfile", "LeaderboardData", "WagerRaceResponse", "UserSearchResponse", "TierInfo"]
)
def test_the_names_of_the_seeds_types_are_kept(described: dict[str, Any], name: str) -> None:
    assert described["components"]["schemas"][name]["type"] == "object"


def test_parameters_are_described_one_by_one(described: dict[str, Any]) -> None:
    asked = described["paths"]["/api/leaderboard"]["get"]["parameters"]

    assert {one["name"] for one in asked} == {"page", "limit", "period", "search", "asOf"}
