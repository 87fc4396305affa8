"""Who is linked to a player, and what becomes of the amounts that the first system kept."""

from tests.legacy.conftest import Migration, codes
from tests.people import add_person

ADA, BOB = "uidAda00000000000001", "uidBob00000000000002"


def test_nobody_is_linked_without_reason(migration: Migration) -> None:
    add_person(migration.dsn, "here", uid=BOB)
    asked = migration.first.user("ada", goated_id=ADA)
    taken = migration.first.user("bob", goated_id=BOB, goated_account_linked=True)
    nobody = migration.first.user("cid", goated_account_linked=True)
    staff = migration.first.user(
        "dot", goated_id="uidDot00000000000004", goated_account_linked=True, is_admin=True
    )

    rows = migration.run("--admins")["rows"]

    assert codes(rows["users", asked]) == {"goated_id": "link_unconfirmed"}
    assert codes(rows["users", taken]) == {"goated_id": "player_taken"}
    assert codes(rows["users", nobody]) == {"goated_id": "player_unknown"}
    assert codes(rows["users", staff])["goated_id"] == "link_of_staff"
    assert migration.fetch("SELECT username FROM users WHERE player_id IS NOT NULL") == [("here",)]


def test_nobody_is_linked_to_a_player_who_was_banned_or_erased(migration: Migration) -> None:
    migration.change(
        "INSERT INTO exclusions (player_id, kind, reason, created_by, created_at)"
        f" SELECT id, 'banned', 'why', 'test', now() FROM players WHERE goated_id = '{ADA}'"
    )
    migration.change(f"UPDATE players SET erased_at = now() WHERE goated_id = '{BOB}'")
    numbers = [
        migration.first.user(uid.lower(), goated_id=uid, goated_account_linked=True) for uid in (ADA, BOB)
    ]

    told = migration.run()

    assert told["links"] == 0
    assert [codes(told["rows"]["users", number]) for number in numbers] == [
        {"goated_id": "player_barred"},
        {"goated_id": "player_barred"},
    ]


def test_who_excluded_himself_while_his_link_waited_plays_in_no_race(unfed: Migration) -> None:
    unfed.first.user("ada", goated_id=ADA, goated_account_linked=True)
    unfed.run()
    unfed.change("INSERT INTO self_exclusions (user_id, created_at) SELECT id, now() FROM users")
    assert unfed.program("sync", "--json").code == 0

    assert unfed.run()["links"] == 1
    assert unfed.fetch("SELECT kind FROM exclusions WHERE lifted_at IS NULL") == [("self_excluded",)]


def test_a_link_waits_for_the_feed_and_no_player_is_made(unfed: Migration) -> None:
    number = unfed.first.user("ada", goated_id=ADA, goated_account_linked=True)

    early = unfed.run()
    assert codes(early["rows"]["users", number]) == {"goated_id": "player_unknown"}
    assert unfed.fetch("SELECT count(*) FROM players") == [(0,)]
    assert unfed.program("sync", "--json").code == 0
    later, again = unfed.run(), unfed.run()

    assert (early["links"], later["links"], again["links"]) == (0, 1, 0)
    assert later["complete"]
    assert later["rows"]["users", number]["outcome"] == "there"
    assert unfed.fetch("SELECT goated_id FROM users JOIN players ON players.id = player_id") == [(ADA,)]


def test_who_was_unlinked_here_is_not_linked_again(migration: Migration) -> None:
    migration.first.user("ada", goated_id=ADA, goated_account_linked=True)
    migration.run()
    migration.change("UPDATE users SET player_id = NULL")

    assert migration.run()["links"] == 0


def test_amounts_are_read_compared_and_left_to_the_feed(migration: Migration) -> None:
    number = migration.first.user(
        "ada", goated_id=ADA, goated_account_linked=True, total_wager="12000.00000001", daily_wager="NaN"
    )
    placeholder = migration.first.add("users", username="bob", goated_id=BOB, weekly_wager="-1")
    before = migration.fetch("SELECT * FROM wager_totals")

    rows = migration.run()["rows"]

    assert codes(rows["users", number]) == {"total_wager": "above_the_feed", "daily_wager": "no_amount"}
    assert codes(rows["users", placeholder]) == {"weekly_wager": "no_amount"}
    assert migration.fetch("SELECT * FROM wager_totals") == before
