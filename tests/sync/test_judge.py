"""Each threshold at its edge, and that judging what changed is judging the whole."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goatedvips.kit.windows import Period
from goatedvips.sync.judge import (
    Limits,
    Tally,
    Verdict,
    judge,
    late_arrivals,
    late_mark,
    overruled,
    weigh,
)
from goatedvips.upstream.wire import Report, Snapshot, read_report
from goatedvips.wagers.diff import Amounts, Diff, Move, Newcomer
from tests.pipeline import report, row

LIMITS = Limits()


def read(*rows: str, before: Report | None = None) -> Report:
    return read_report(report(rows), before.snapshot if before else None)


def verdicts(*reports: list[str], limits: Limits = LIMITS) -> list[Verdict]:
    """Judge reports that follow each other, as if each had been applied."""
    found: list[Verdict] = []
    held: Report | None = None
    for rows in reports:
        now = read(*rows, before=held)
        found.append(judge(now, found[-1].tally if found else None, limits))
        held = now
    return found


def marks(verdict: Verdict) -> dict[str, int]:
    return {mark.code: mark.count for mark in verdict.marks}


def players(number: int, all_time: str = "1", **windows: str) -> list[str]:
    return [row(f"p{each}", all_time, **windows) for each in range(number)]


def test_a_first_report_needs_nothing_to_be_compared_with() -> None:
    (verdict,) = verdicts(players(10))

    assert verdict.accepted
    assert verdict.marks == ()


@pytest.mark.parametrize(("left", "accepted"), [(80, True), (79, False)])
def test_a_list_may_shrink_by_a_fifth(left: int, *, accepted: bool) -> None:
    verdict = verdicts(players(100), players(left))[1]

    assert verdict.accepted == accepted
    if not accepted:
        assert verdict.reasons == ("the list shrank by 21.0% (from 100 to 79 rows; 20% is allowed)",)


def test_exactly_the_share_that_an_operator_allows_is_allowed() -> None:
    whole = read(*players(100))
    held = judge(whole, None, LIMITS).tally
    for lost in range(99):
        limits = Limits(max_shrink=lost / 100)

        assert judge(read(*players(100 - lost)), held, limits).accepted
        assert not judge(read(*players(99 - lost)), held, limits).accepted


@pytest.mark.parametrize("nobody", [[], [row("a", "-1")]])
def test_a_list_of_nobody_is_never_applied(nobody: list[str]) -> None:
    assert "it lists nobody whose row can be read" in judge(read(*nobody), None, LIMITS).reasons
    everything = Limits(max_shrink=1, max_bad_rows=1, max_zeroed=1)
    after = verdicts(players(10), nobody, limits=everything)[1]
    assert after.reasons == ("it lists nobody whose row can be read",)


@pytest.mark.parametrize(("bad", "accepted"), [(5, True), (6, False)])
def test_one_row_in_twenty_may_be_bad(bad: int, *, accepted: bool) -> None:
    rows = players(100 - bad) + [row(f"bad{each}", "-1") for each in range(bad)]
    verdict = judge(read_report(report(rows)), None, LIMITS)

    assert verdict.accepted == accepted
    assert marks(verdict) == {"rejected_rows": bad}
    if not accepted:
        assert verdict.reasons[0].startswith("6 of 100 rows are bad (6.0%; 5% is allowed), the first because")


@pytest.mark.parametrize(("zeroed", "accepted"), [(5, True), (6, False)])
def test_one_player_in_twenty_may_fall_to_nothing(zeroed: int, *, accepted: bool) -> None:
    idle = [row(f"idle{each}") for each in range(500)]
    now = [row(f"p{each}", "0" if each < zeroed else "1") for each in range(100)]
    verdict = verdicts(players(100) + idle, now + idle)[1]

    assert verdict.accepted == accepted
    assert marks(verdict) == {"falling_all_time": zeroed}
    if not accepted:
        assert verdict.reasons == (
            "all_time fell to 0 for 6 of the 100 who had wagered (6.0%; 5% is allowed)",
        )


@pytest.mark.parametrize(("off", "accepted"), [("0.000001", True), ("0.000002", False)])
def test_the_feeds_own_sums_must_hold(off: str, *, accepted: bool) -> None:
    summed = read(row("a", "9", today="5", this_week="5", this_month="5"))
    claimed = replace(summed, claimed={"today": Decimal(5) + Decimal(off)})
    verdict = judge(claimed, None, LIMITS)

    assert verdict.accepted == accepted
    if not accepted:
        assert verdict.reasons == ("the report says today sums to 5.000002, its rows to 5",)


def test_floats_that_were_added_naively_are_allowed_their_rounding() -> None:
    rows = [
        row(f"p{each}", "1e10", today="1234567.1", this_week="9e9", this_month="9e9") for each in range(999)
    ]
    whole = read(*rows)
    naive = Decimal(sum(1234567.1 for _ in range(999)))

    assert abs(naive - whole.summed["today"]) > LIMITS.sum_tolerance
    assert judge(replace(whole, claimed={"today": naive}), None, LIMITS).accepted


def test_sums_are_not_asked_for_when_rows_are_missing_from_them() -> None:
    rows = [*players(30, "9", today="1"), row("bad", "-1", today="7")]

    assert judge(read_report(report(rows)), None, LIMITS).accepted


def test_a_month_that_stands_still_is_frozen_until_it_moves() -> None:
    def at(week: str, month: str, ever: str) -> list[str]:
        return [row("a", ever, this_week=week, this_month=month), row("b", "3", this_month="3")]

    first, frozen, quiet, correction, thawed = verdicts(
        at("1", "1", "1"), at("2", "1", "2"), at("2", "1", "2"), at("2", "1", "1.5"), at("2", "2", "2")
    )

    assert "frozen_this_month" not in marks(first)
    assert marks(frozen)["frozen_this_month"] == 2
    assert Period.TODAY in frozen.tally.frozen
    # Nothing happened, or nobody played: too little to tell.
    assert quiet.tally.frozen == frozen.tally.frozen
    assert correction.tally.frozen == frozen.tally.frozen
    assert "frozen_this_month" not in marks(thawed)


def test_a_correction_of_all_time_alone_freezes_nothing() -> None:
    before = players(3, "1", this_week="1")
    risen = verdicts(before, [row("p0", "2", this_week="1"), *before[1:]])[1]

    assert risen.tally.frozen == frozenset()


@pytest.mark.parametrize(
    ("windows", "code"),
    [
        ({"today": "2", "this_week": "1", "this_month": "3"}, "today_exceeds_this_week"),
        ({"this_week": "2", "this_month": "1"}, "this_week_exceeds_this_month"),
        ({"this_month": "10.00000001"}, "this_month_exceeds_all_time"),
    ],
)
def test_windows_that_contradict_each_other_are_marked(windows: dict[str, str], code: str) -> None:
    (verdict,) = verdicts([row("a", "10", **windows), row("b", "10")])

    assert verdict.accepted
    assert marks(verdict) == {code: 1}


def today(*digits: str) -> list[str]:
    return [
        row(f"p{at}", "99", today=each, this_week="99", this_month="99") for at, each in enumerate(digits)
    ]


@pytest.mark.parametrize(
    ("now", "mark"),
    [
        pytest.param(["9.99"] * 10, {"falling_today": 10}, id="everybody by a cent"),
        pytest.param(["9"] * 10, {"falling_today": 10}, id="everybody by a tenth"),
        pytest.param(["0"] * 2 + ["10"] * 8, {"falling_today": 2}, id="a fifth to nothing"),
        pytest.param(
            ["8.9"] * 3 + ["10"] * 7, {"reset_today": 3}, id="more than a fifth by more than a tenth"
        ),
        pytest.param(["0"] * 10, {"reset_today": 10}, id="everybody to nothing"),
        pytest.param(["0"] * 4 + ["9.9"] * 2 + ["12"] * 4, {"reset_today": 6}, id="most have wagered again"),
    ],
)
def test_a_window_starts_over_when_many_lose_much_and_is_corrected_when_they_lose_little(
    now: list[str], mark: dict[str, int]
) -> None:
    assert marks(verdicts(today(*["10"] * 10), today(*now))[1]) == mark


def test_all_time_never_starts_over() -> None:
    assert marks(verdicts(players(10, "2"), players(10, "1"))[1]) == {"falling_all_time": 10}


def test_passing_marks_are_of_one_report_and_lasting_ones_of_the_state() -> None:
    before = [*players(9, "9"), row("a", "9", today="2", this_week="1", this_month="3"), row("b", "9")]
    verdict = verdicts(before, before[:-1])[1]

    assert [mark.code for mark in verdict.lasting] == ["today_exceeds_this_week"]
    assert [mark.code for mark in verdict.passing] == ["vanished"]
    assert verdict.passing[0].as_json() == {
        "code": "vanished",
        "count": 1,
        "text": "1 player(s) are no longer in the feed; they keep their last amounts.",
    }


digits = st.sampled_from(["0", "0", "0.5", "1", "2", "3.25"])
bad_digits = st.sampled_from(["-1", "null", '"NaN"', "1e999"])


@st.composite
def rows(draw: st.DrawFn) -> list[str]:
    listed = []
    for uid in draw(st.lists(st.sampled_from("abcdefghij"), max_size=10)):
        windows = {period: draw(digits) for period in ("today", "this_week", "this_month")}
        listed.append(row(uid, draw(digits | bad_digits), **windows))
    return listed


def body(listed: list[str]) -> bytes:
    return f'{{"data":[{",".join(listed)}]}}'.encode()


@given(st.lists(rows(), min_size=1, max_size=5))
def test_judging_what_changed_with_a_carried_tally_is_judging_the_whole(history: list[list[str]]) -> None:
    held: Tally | None = None
    snapshot: Snapshot | None = None
    for listed in history:
        changed = read_report(body(listed), snapshot)
        by_change = judge(changed, held, LIMITS)
        whole = read_report(body(listed))
        by_whole = judge(whole, None, LIMITS)

        assert by_change.tally == replace(by_whole.tally, frozen=by_change.tally.frozen)
        assert {mark for mark in by_change.lasting if not mark.code.startswith("frozen")} == {
            mark for mark in by_whole.lasting if not mark.code.startswith("frozen")
        }
        held, snapshot = by_change.tally, changed.snapshot


@given(rows(), rows())
def test_what_is_said_of_a_change_follows_from_the_two_reports_alone(
    before: list[str], now: list[str]
) -> None:
    first = read_report(body(before))
    tally = judge(first, None, LIMITS).tally
    good = {one.uid: one for one in first.new}
    second = read_report(body(now))
    zeroed = sum(one.all_time == 0 and one.uid in good and good[one.uid].all_time > 0 for one in second.new)
    played = sum(one.all_time > 0 for one in first.new)
    shrank = first.listed > 0 and (first.listed - second.listed) / first.listed > LIMITS.max_shrink
    bad = second.listed > 0 and len(second.rejected) / second.listed > LIMITS.max_bad_rows

    verdict = judge(read_report(body(now), first.snapshot), tally, LIMITS)

    nobody = second.listed == len(second.rejected)
    assert len(verdict.reasons) == shrank + bad + nobody + (
        played > 0 and zeroed / played > LIMITS.max_zeroed
    )
    fallen = sum(one.uid in good and one.all_time < good[one.uid].all_time for one in second.new)
    assert marks(verdict).get("falling_all_time", 0) == fallen


def moved(before: int, now: int) -> Move:
    return Move(1, Amounts(0, 0, 0, before), Amounts(0, 0, 0, now))


@pytest.mark.parametrize(("zeroed", "accepted"), [(5, True), (6, False)])
def test_who_was_left_out_for_a_while_may_not_come_back_with_nothing_either(
    zeroed: int, *, accepted: bool
) -> None:
    whole, verdict = verdicts(players(100), players(100))
    changes = Diff(moves=[moved(7, 0)] * zeroed + [moved(7, 5), moved(5, 7), moved(0, 7)])

    weighed = weigh(verdict, changes, whole.tally, LIMITS)

    assert weighed.accepted == accepted
    assert marks(weighed) == {"falling_all_time": zeroed + 1}


def test_what_is_held_adds_nothing_to_the_first_report() -> None:
    (verdict,) = verdicts(players(3))

    assert weigh(verdict, Diff(), None, LIMITS) == verdict


def test_a_report_is_weighed_by_what_it_changes_and_not_twice() -> None:
    first, verdict = verdicts(players(10, "2"), [row("p0", "1"), *players(10, "2")[1:]])
    assert marks(verdict) == {"falling_all_time": 1}

    weighed = weigh(verdict, Diff(moves=[moved(2, 1)]), first.tally, LIMITS)

    assert [mark.code for mark in weighed.marks] == ["falling_all_time"]


def newcomers(*uids: str) -> Diff:
    return Diff(newcomers=[Newcomer(uid, uid, Amounts(0, 0, 0, 9)) for uid in uids])


@pytest.mark.parametrize(("listed", "come", "late"), [(10, 5, 0), (10, 6, 6), (100, 20, 0), (100, 21, 21)])
def test_so_many_at_once_were_left_out_before(listed: int, come: int, late: int) -> None:
    (held,) = verdicts(players(listed))
    changes = newcomers(*(f"new{number}" for number in range(come)))

    assert len(late_arrivals(changes, held.tally, rejected=(), limits=LIMITS)) == late


def test_who_could_not_be_read_before_is_late_and_nobody_knows_who_had_no_name() -> None:
    (held,) = verdicts(players(10))
    changes = newcomers("bad", "new")

    assert late_arrivals(changes, held.tally, rejected={"bad", "other"}, limits=LIMITS) == {"bad"}
    assert late_arrivals(changes, held.tally, rejected={None}, limits=LIMITS) == {"bad", "new"}
    assert late_arrivals(changes, None, rejected=(), limits=LIMITS) == {"bad", "new"}


def test_late_arrivals_are_told() -> None:
    assert late_mark(0) == ()
    assert [(mark.code, mark.count) for mark in late_mark(3)] == [("late_arrivals", 3)]


def test_who_answers_for_a_report_overrules_the_judge_and_the_reasons_stay_to_be_read() -> None:
    good, bad = verdicts(players(100), players(10))
    accepted = overruled(bad)

    assert overruled(good) is good
    assert accepted.accepted
    assert marks(accepted) == marks(bad) | {"reviewed": 1}
    assert bad.reasons[0] in accepted.marks[-1].text
    assert accepted.tally == bad.tally
