"""What monitors see, with the database there, gone, and back."""

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import psycopg
import pytest
from prometheus_client.parser import text_string_to_metric_families
from psycopg import sql

from goatedvips.health import Health
from tests.api.conftest import serving, until, until_ready

if TYPE_CHECKING:
    from tests.api.conftest import Feed, Site


@pytest.fixture
def shut(cluster: str, dsn: str) -> Iterator[Callable[[bool], None]]:
    """Shuts the database, so that every connection breaks and none is let in, or opens it again."""
    name = sql.Identifier(dsn.rpartition("/")[2])

    def set_shut(is_shut: bool) -> None:  # noqa: FBT001 - a switch
        with psycopg.connect(cluster, autocommit=True) as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}").format(name, sql.Literal(not is_shut))
            )
            if is_shut:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    (dsn.rpartition("/")[2],),
                )

    yield set_shut
    set_shut(False)


def test_a_site_with_fresh_data_is_well(shared: "Site") -> None:
    health = Health.model_validate_json(shared.get("/api/health").content)

    assert health.status == "ok"
    assert health.last_sync is not None
    assert health.last_sync.status == "completed"
    assert health.last_sync.age_seconds is not None
    assert shared.get("/livez").text == "ok\n"
    assert shared.get("/readyz").text == "ok\n"


def test_a_site_that_never_had_a_report_is_degraded_but_ready(dsn: str, feed: "Feed") -> None:
    with serving(dsn, feed) as site:
        until_ready(site)

        assert site.json("/api/health") == {
            "status": "degraded",
            "version": "0.1.0",
            "staleAfterSeconds": 900,
            "lastSync": None,
        }
        assert site.json("/api/leaderboard")["data"] == []
        assert site.get("/api/wager-races/current").status_code == 404


def test_old_data_make_it_degraded_and_a_failed_run_shows(site: "Site") -> None:
    site.feed.status = 404
    assert site.pull_unseen().status == "failed"
    failed = site.json("/api/health")
    site.execute("UPDATE sync_logs SET as_of = as_of - interval '1 hour'")
    old = site.json("/api/health")

    assert failed["status"] == "ok"
    assert failed["lastSync"]["status"] == "failed"
    assert old["status"] == "degraded"
    assert old["lastSync"]["ageSeconds"] >= 3600


def test_a_site_whose_database_is_gone_serves_its_boards_and_mends_itself(
    site: "Site", shut: Callable[[bool], None]
) -> None:
    shut(True)

    assert site.json("/api/health")["status"] == "degraded"
    assert len(site.json("/api/leaderboard")["data"]) == 7
    assert site.get("/readyz").status_code == 200
    answer = site.get("/api/users/1")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0

    shut(False)

    site.until(lambda: site.get("/api/users/uidAda00000000000001").status_code == 200)
    assert site.json("/api/health")["status"] == "ok"
    site.feed.wager("uidAda00000000000001", "5")
    site.pull()


def test_a_site_without_boards_is_alive_but_not_ready(
    dsn: str, feed: "Feed", shut: Callable[[bool], None]
) -> None:
    shut(True)
    with serving(dsn, feed) as site:
        board = site.get("/api/leaderboard")

        assert site.get("/readyz").status_code == 503
        assert board.status_code == 503
        assert board.json()["code"] == "not_ready"
        assert site.get("/livez").status_code == 200
        assert site.json("/api/health")["status"] == "degraded"

        shut(False)

        until(lambda: site.get("/readyz").status_code == 200)


def test_metrics_are_what_prometheus_reads(shared: "Site") -> None:
    answer = shared.get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}

    assert re.match(r"text/plain; version=", answer.headers["content-type"])
    assert families["goatedvips_board_players"].samples[0].value == 7
    assert families["goatedvips_data_age_seconds"].samples[0].value >= 0
    assert families["goatedvips_http_requests"].samples
