import json
from decimal import Decimal

import pytest

from goatedvips.kit.money import to_units
from goatedvips.upstream.errors import UnreadableReport
from goatedvips.upstream.wire import Referral, Rejected, read_report

WINDOWS = {"today": "0", "this_week": "17.83", "this_month": "0", "all_time": "457.9517254411"}


def row(uid: str = "aB3dE5fG7hI9jK1lM3nO", name: str = "SomePlayer", **wagered: str) -> str:
    windows = ",".join(f'"{window}":{amount}' for window, amount in (WINDOWS | wagered).items() if amount)
    return f'{{"uid":"{uid}","name":"{name}","wagered":{{{windows}}}}}'


def report(*rows: str, rest: str = "") -> bytes:
    return f'{{"success":true,"data":[{",".join(rows)}]{rest}}}'.encode()


def refused(one: str | bytes) -> Rejected:
    body = b"[%b]" % (one.encode() if isinstance(one, str) else one)
    read = read_report(body)
    assert (read.new, read.listed) == ([], 1)
    return read.rejected[0]


def test_a_first_report_is_all_new_to_the_digit() -> None:
    read = read_report(report(row()))

    referral = Referral(
        "aB3dE5fG7hI9jK1lM3nO",
        "SomePlayer",
        today=Decimal(0),
        this_week=Decimal("17.83"),
        this_month=Decimal(0),
        all_time=Decimal("457.9517254411"),
    )
    assert [referral] == read.new
    assert (read.old, read.gone, read.rejected, read.listed) == ([], [], [], 1)


def test_the_same_report_again_holds_nothing_new_and_the_same_sums() -> None:
    first = read_report(report(row("a"), row("b")))

    again = read_report(report(row("b"), row("a")), first.snapshot)

    assert (again.new, again.old, again.gone, again.listed) == ([], [], [], 2)
    assert first.summed == again.summed


def test_a_changed_row_shows_both_what_it_is_and_what_it_was() -> None:
    first = read_report(report(row("a"), row("b")))

    second = read_report(report(row("a"), row("b", all_time="500")), first.snapshot)

    assert [(was.uid, was.all_time) for was in second.old] == [("b", Decimal("457.9517254411"))]
    assert [(now.uid, now.all_time) for now in second.new] == [("b", Decimal(500))]
    assert second.summed["all_time"] == Decimal("957.9517254411")


def test_a_player_who_is_not_listed_is_gone_but_one_whose_row_is_bad_is_not() -> None:
    first = read_report(report(row("a"), row("b"), row("c")))

    second = read_report(report(row("a"), row("b", all_time="null")), first.snapshot)

    assert second.gone == ["c"]
    assert sorted(was.uid for was in second.old) == ["b", "c"]
    assert [bad.uid for bad in second.rejected] == ["b"]


def test_a_row_that_was_bad_is_new_once_it_is_good() -> None:
    first = read_report(report(row("a", all_time="-1")))

    second = read_report(report(row("a")), first.snapshot)

    assert [now.uid for now in second.new] == ["a"]


def test_sums_are_exact_where_floats_are_not() -> None:
    read = read_report(report(row("a", today="0.1"), row("b", today="0.2"), row("c", today="1e-30")))

    assert read.summed["today"] == Decimal("0.300000000000000000000000000001")


def test_the_feed_s_own_sums_are_handed_on() -> None:
    read = read_report(report(rest=',"today":2300.562477482481,"this_week":17093,"this_month":null,"x":1'))

    assert read.claimed == {"today": Decimal("2300.562477482481"), "this_week": 17093}


@pytest.mark.parametrize(
    ("amount", "complaint"),
    [
        ("", "wagered.all_time is missing"),
        ("null", "wagered.all_time is null, not a number"),
        ("true", "wagered.all_time is true, not a number"),
        ('"12.5"', 'wagered.all_time is the text "12.5", not a number'),
        ('"NaN"', 'wagered.all_time is the text "NaN", not a number'),
        ("[1]", "wagered.all_time is a list, not a number"),
        ("{}", "wagered.all_time is an object, not a number"),
        ("-1", "wagered.all_time is -1, which is negative"),
        ("-1e-400", "wagered.all_time is -1e-400, which is negative"),
        ("1e999", "wagered.all_time is 1e999, which is not an amount between"),
        ("1e999999999", "wagered.all_time is 1e999999999, which is not an amount between"),
        ("1e99999999999999999999", "which is not an amount between"),
        ("1e-999999999", "which is not an amount between"),
        ("9" * 5000, "which is not an amount between"),
        ("0." + "1" * 5000, "which is not an amount between"),
        ("92233720368.54775808", "which is not an amount between"),
    ],
    ids=lambda value: value[:24] or "nothing",
)
def test_an_amount_that_is_none_is_refused_and_never_zero(amount: str, complaint: str) -> None:
    assert complaint in refused(row(all_time=amount)).reason


@pytest.mark.parametrize("amount", ["0", "-0", "-0.0", "0e-999999999", "0E5", "0.000"])
def test_every_zero_is_the_same_zero(amount: str) -> None:
    read = read_report(report(row(all_time=amount)))

    assert str(read.new[0].all_time) == "0"


@pytest.mark.parametrize(
    "amount", ["1e-30", "5E-324", "1.5e3", "92233720368.54775807", "0.123456789012345678"]
)
def test_every_amount_that_passes_can_be_stored(amount: str) -> None:
    read = read_report(report(row(all_time=amount)))

    assert read.new[0].all_time == Decimal(amount)
    assert to_units(read.new[0].all_time) >= 0


@pytest.mark.parametrize(
    ("one", "uid", "complaint"),
    [
        ("5", None, "The row is 5, not an object"),
        ("null", None, "The row is null, not an object"),
        ('["a"]', None, "The row is a list, not an object"),
        ("{}", None, "uid is missing"),
        ('{"uid":7}', None, "uid is 7, not text"),
        (row(""), None, "uid is empty"),
        (row("  "), None, "uid is empty"),
        (row("x" * 65), None, "uid has 65 characters; 64 are the most"),
        (row("a\\u0000"), None, "uid holds the control character U+0000"),
        (row("a\\ud800"), None, "uid holds half a character"),
        ('{"uid":"a","wagered":{}}', "a", "name is missing"),
        ('{"uid":"a","name":null}', "a", "name is null, not text"),
        (row("a", "n\\nn"), "a", "name holds the control character U+000A"),
        (row("a", "n\\uDC00n"), "a", "name holds half a character"),
        (row("a", "n" * 129), "a", "name has 129 characters"),
        ('{"uid":"a","name":"n"}', "a", "wagered is missing"),
        ('{"uid":"a","name":"n","wagered":null}', "a", "wagered is null, not an object"),
        ('{"uid":"a","name":"n","wagered":{}}', "a", "wagered.today is missing"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_bad_row_says_whose_it_is_and_why(one: str, uid: str | None, complaint: str) -> None:
    bad = refused(one)

    assert bad.uid == uid
    assert complaint in bad.reason
    assert bad.excerpt.startswith(one[:4])


def test_a_name_that_is_not_utf8_costs_only_its_own_row() -> None:
    bad = refused(row("a").encode().replace(b"SomePlayer", b"Some\xffPlayer"))

    assert (bad.uid, bad.reason) == ("a", "name is not UTF-8.")
    assert "\\xff" in bad.excerpt


def test_half_a_character_in_a_field_we_ignore_costs_nothing() -> None:
    read = read_report(report(row("a")[:-1] + ',"motto":"\\ud800"}', row("b", "\\ud83d\\ude00")))

    assert [now.name for now in read.new] == ["SomePlayer", "😀"]


def test_of_identical_copies_one_is_kept() -> None:
    read = read_report(report(row("a"), row("b"), row("a")))

    assert [now.uid for now in read.new] == ["a", "b"]
    assert read.rejected[0].reason == "The row is an exact copy of another one."


def test_copies_that_differ_are_all_refused_also_beside_an_unchanged_row() -> None:
    first = read_report(report(row("a"), row("b")))

    second = read_report(report(row("a"), row("b"), row("a", all_time="9")), first.snapshot)

    assert (second.new, second.gone, second.listed) == ([], [], 3)
    assert [was.uid for was in second.old] == ["a"]
    assert [(bad.uid, "2 times" in bad.reason) for bad in second.rejected] == [("a", True)] * 2


@pytest.mark.parametrize(
    "shape",
    ['{"data":[R]}', "[R]", '{"data":{"data":[R]}}', '{"results":[R]}', '{"users":[R]}', "\ufeff [ R ]"],
)
def test_every_shape_the_feed_was_seen_in_is_read(shape: str) -> None:
    assert [now.uid for now in read_report(shape.replace("R", row("a")).encode()).new] == ["a"]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "an empty body"),
        (b" \n" * 200, "an empty body"),
        (b"<!doctype html><title>502</title>", "HTML, not JSON: '<!doctype html>"),
        (report(row("a"), row("b"))[:-30], "is not whole JSON"),
        (report(row("a")) + b"x", "is not whole JSON"),
        (report(row("a")).decode().encode("utf-16"), "is not whole JSON"),
        (b'{"success":false,"data":[]}', "success: false"),
        (b'{"players":[],"total":3}', "its keys are: 'players', 'total'."),
        (b'{"data":null}', "its keys are: 'data'."),
        (b"{}", "its keys are: none."),
        (b"7", "is not whole JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"x":' + b"[" * 100_000, "nested too deeply"),
        (b"[" + b'{"uid":"a","x":' * 50_000 + b"1" + b"}" * 50_000 + b"]", "nested too deeply"),
        (b'{"data":[],"today":1e999999999}', "which is no sum"),
        (b'{"data":[],"\xff":1, ]', "is not whole JSON"),
        (b'{"\xff":1}', "is not whole JSON"),
    ],
    ids=lambda value: f"{value[:24]!r}{len(value)}",
)
def test_what_is_no_report_is_refused_by_name(body: bytes, complaint: str) -> None:
    with pytest.raises(UnreadableReport) as unreadable:
        read_report(body)

    assert complaint in unreadable.value.detail
    assert len(unreadable.value.detail) < 500


def test_an_empty_list_is_a_report_for_others_to_judge() -> None:
    first = read_report(report(row("a")))

    assert read_report(report(), first.snapshot).gone == ["a"]


def test_unknown_fields_and_spaces_change_nothing() -> None:
    compact = read_report(report(row("a"), row("b")))
    spaced = read_report(json.dumps(json.loads(report(row("a"), row("b"))), indent=2).encode())

    assert compact.new == spaced.new
    assert compact.summed == spaced.summed
