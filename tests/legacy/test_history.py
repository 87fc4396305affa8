"""What becomes of the first system's races, of who took part, and of its logs."""

from datetime import UTC, datetime, timedelta

from goatedvips.kit.clock import utc_now
from tests.legacy.conftest import Migration, codes
from tests.legacy.first_system import FirstSystem

ADA = "uidAda00000000000001"
NOW = utc_now().replace(microsecond=0, tzinfo=None)


def race(first: FirstSystem, status: str | None = "completed", **columns: object) -> int:
    kept = {
        "name": "March",
        "type": "monthly",
        "start_date": "2025-03-01",
        "end_date": "2025-04-01",
        "prize_pool": "500",
        "status": status,
        "metadata": '{"prizes": [0.425]}',
    }
    return first.add("wager_races", **kept | columns)


def soon(days: int) -> datetime:
    return NOW + timedelta(days=days)


def test_races_that_are_over_go_into_an_archive_with_who_took_part(migration: Migration) -> None:
    number = race(migration.first)
    race(migration.first, "cancelled", prize_pool="99.50")
    user = migration.first.add("users", username="bob", goated_id="uidBob00000000000002")
    people = [
        migration.first.add(
            "wager_race_participants",
            **{
                "race_id": number,
                "goated_id": ADA,
                "wagered": "457.9517254411",
                "position": 1,
                "prize": "212.50",
            }
            | columns,
        )
        for columns in (
            {},
            {"goated_id": None, "user_id": user, "wagered": None, "position": 0, "prize": None},
            {"wagered": "NaN"},
            {"wagered": "-1"},
            {"prize": "0.005"},
            {"goated_id": None},
            {"race_id": None},
        )
    ]

    rows = migration.run("--timezone", "Europe/Berlin")["rows"]

    assert migration.fetch(
        "SELECT id, name, type, start_date, end_date, status, prize_pool FROM legacy_races"
    ) == [
        (
            *(number, "March", "monthly"),
            *(
                datetime(2025, 2, 28, 23, tzinfo=UTC),
                datetime(2025, 3, 31, 22, tzinfo=UTC),
                "completed",
                50000,
            ),
        ),
        (
            *(number + 1, "March", "monthly"),
            *(
                datetime(2025, 2, 28, 23, tzinfo=UTC),
                datetime(2025, 3, 31, 22, tzinfo=UTC),
                "cancelled",
                9950,
            ),
        ),
    ]
    assert migration.fetch(
        "SELECT id, race_id, goated_id, wagered, position, prize FROM legacy_race_participants ORDER BY id"
    ) == [
        (people[0], number, ADA, 45795172544, 1, 21250),
        (people[1], number, "uidBob00000000000002", 0, None, None),
    ]
    found = [rows["wager_race_participants", person] for person in people]
    assert [row["outcome"] for row in found] == ["taken", "mended", *["refused"] * 5]
    assert [codes(row) for row in found[1:]] == [
        {"position": "no_place"},
        {"wagered": "no_amount"},
        {"wagered": "no_amount"},
        {"prize": "no_amount"},
        {"goated_id": "nobody"},
        {"race_id": "race_not_kept"},
    ]


def test_a_race_to_come_is_made_under_our_rules(migration: Migration) -> None:
    number = race(migration.first, "scheduled", type="special", start_date=soon(2), end_date=soon(3))

    told = migration.run("--as", "the boss")

    row = told["rows"]["wager_races", number]
    (race_id,) = migration.fetch("SELECT target_id FROM legacy_rows WHERE kind = 'race'")[0]
    assert (row["outcome"], row["target"]) == ("mended", f"race:{race_id}")
    assert codes(row) == {"metadata": "prizes"}
    held = migration.fetch(
        "SELECT name, type, start_date, end_date, status, prize_pool FROM wager_races WHERE id = %s", race_id
    )
    starts_at, ends_at = soon(2).replace(tzinfo=UTC), soon(3).replace(tzinfo=UTC)
    assert held == [("March", "special", starts_at, ends_at, "scheduled", 50000)]
    assert ("race.created", "cli:the boss") in migration.fetch(
        "SELECT action, actor FROM audit_log WHERE subject = %s", f"race:{race_id}"
    )
    assert migration.run()["rows"]["wager_races", number]["outcome"] == "there"


def test_a_race_that_a_series_of_ours_has_is_left(migration: Migration) -> None:
    (race_id, starts_at, ends_at) = migration.fetch(
        "SELECT id, start_date, end_date FROM wager_races WHERE type = 'monthly' AND status = 'scheduled'"
    )[0]
    number = race(
        migration.first,
        "scheduled",
        start_date=starts_at.astimezone(UTC).replace(tzinfo=None),
        end_date=ends_at.astimezone(UTC).replace(tzinfo=None),
    )

    row = migration.run()["rows"]["wager_races", number]

    assert (row["outcome"], row["target"], codes(row)) == (
        "left",
        f"race:{race_id}",
        {"start_date": "race_here"},
    )


def test_a_race_that_cannot_be_kept_says_why(migration: Migration) -> None:
    first = migration.first
    numbers = [
        race(first, "live", start_date=soon(-1), end_date=soon(1)),
        race(first, None),
        race(first, "scheduled"),
        race(first, type="hourly"),
        race(first, end_date="2025-03-01"),
        race(first, start_date="-infinity"),
        race(first, prize_pool="NaN"),
        race(first, prize_pool="1e30"),
        race(first, "scheduled", name="x" * 121, start_date=soon(1), end_date=soon(2)),
        race(first, "scheduled", start_date=soon(1), end_date="3500-01-01"),
    ]

    told = migration.run()

    rows = [told["rows"]["wager_races", number] for number in numbers]
    assert {row["outcome"] for row in rows} == {"refused"}
    assert [codes(row) for row in rows] == [
        {"status": "race_open"},
        {"status": "race_open"},
        {"status": "race_open"},
        {"type": "race_type"},
        {"end_date": "backwards"},
        {"start_date": "time"},
        {"prize_pool": "no_amount"},
        {"prize_pool": "no_amount"},
        {"name": "race_terms"},
        {"end_date": "race_terms"},
    ]
    assert migration.fetch("SELECT count(*) FROM legacy_races") == [(0,)]


def test_what_our_rules_refuse_is_refused_by_them(migration: Migration) -> None:
    number = race(migration.first, "scheduled", start_date=soon(1), end_date=soon(2), prize_pool="0")

    row = migration.run()["rows"]["wager_races", number]

    assert (row["outcome"], codes(row)) == ("refused", {"prizePool": "race_terms"})
    assert row["findings"][0]["text"] == "must be more than 0"


def test_logs_are_left_and_unknown_tables_named(migration: Migration) -> None:
    numbers = [
        migration.first.add("sync_logs", sync_type="users", target_entity="users"),
        migration.first.add("transformation_logs", transformation_type="wager", source_type="api"),
    ]
    migration.first.execute("CREATE TABLE wheel_spins (id serial PRIMARY KEY)")
    before = migration.fetch("SELECT count(*) FROM sync_logs")

    told = migration.run()

    for table, number in zip(("sync_logs", "transformation_logs"), numbers, strict=True):
        assert told["tables"][table]["left"] == 1
        assert codes(told["rows"][table, number]) == {"id": "log"}
    assert told["otherTables"] == ["wheel_spins"]
    assert migration.fetch("SELECT count(*) FROM sync_logs") == before
