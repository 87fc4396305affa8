"""Whatever the bodies hold, reading only what changed gives what reading everything gives."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from hypothesis import example, given, settings
from hypothesis import strategies as st

from goatedvips.upstream.cut import OPENING, cut, decode, mended, wrapped
from goatedvips.upstream.errors import UnreadableReport
from goatedvips.upstream.rows import Referral, explain, read_row
from goatedvips.upstream.wire import Report, Snapshot, _Comparison, read_report

EMPTY = Snapshot([], [], dict.fromkeys(("today", "this_week", "this_month", "all_time"), Decimal(0)))
AMOUNTS = (
    "0", "-0", "-0.0", "0e-999999999", "1", "17.83", "457.9517254411", "1e-30", "1E+5", "4e-341",
    "92233720368.5", "-1", "1e999999999", "1e99999999999999999999", "null", "true", '"1"', '"NaN"',
    "9" * 5000, "{}", "[[1]]",
)  # fmt: skip
UIDS = (
    "aB3dE5",
    "bbbbbb",
    "cccccc",
    "dddddd",
    "\\u0061B3dE5",
    "",
    "nul\\u0000",
    "half\\ud800",
    "tab\\t",
    "x" * 70,
)
NAMES = (
    "Some", "Other", "0x" + "a" * 40, 'a\\"},{\\"uid\\":\\"b', "\\ud83d\\ude00", "\\uD83D", "\\\\ud800", "",
    "[{" * 40,
)  # fmt: skip
EXTRAS = (
    "", ',"rank":3', ',"nested":[{"a":1},{"uid":"zzz"}]', ',"friends":[{"uid":"q"},{"uid":"r"}]', ',"x":"}]"',
    ',"uid":"bbbbbb"', ',"wagered":null', ',"deep":' + "[" * 210 + "]" * 210, ',"text":"\\ud800"',
    ', "y" : {} ',
)  # fmt: skip
TOKENS = (
    b'},{"uid":"', b'[{"uid":"', b"}]", b"}}]", b",", b'"', b"\\", b"{", b"}", b"[", b"]", b" ", b"\xff",
    b"\x00", b"\\ud800", b'"data":[', b'],"data":[', b"\xef\xbb\xbf", b"null", b"0",
)  # fmt: skip
AROUND = (
    '{"success":true,"data":[ROWS],"today":1.5,"this_week":2}', "[ROWS]", '{"data":{"data":[ROWS]}}',
    '{"results":[ROWS]}', '{"users":[ROWS],"today":null}', '{"data":[ROWS],"data":[]}',
    '{"data":[],"data":[ROWS]}',
    '{"data":[ROWS],"results":[{"uid":"q"}]}', '{"success":false,"data":[ROWS]}', '{"players":[ROWS]}',
    '{"data":[ROWS],"data":["here the rows stood"]}',
    '{"meta":{"uid":"m"},"data":[ROWS],"top":[{"uid":"t"}]}',
    ' {"data" : [ROWS] , "all_time":1e999999999}', "[[ROWS]]", "[ROWS", "[ROWS]]",
    '{"data":null,"users":[ROWS]}',
)  # fmt: skip
SEPARATORS = (",", ",", ",", ",", " ,", ", ", ",,", ",null,", ",5,")


@st.composite
def rows(draw: st.DrawFn) -> str:
    plain = draw(st.integers(0, 3)) > 0
    uid = draw(st.sampled_from(UIDS[: 4 if plain else None]))
    name = draw(st.sampled_from(NAMES[: 2 if plain else None]))
    amounts = [draw(st.sampled_from(AMOUNTS[: 7 if plain else None])) for _ in range(4)]
    windows = ",".join(
        f'"{window}":{amount}'
        for window, amount in zip(EMPTY._sums, amounts, strict=True)
        if amount != "[[1]]"
    )
    extra = "" if plain else draw(st.sampled_from(EXTRAS))
    fields = [f'"uid":"{uid}"', f'"name":"{name}"', f'"wagered":{{{windows}}}']
    if not plain and draw(st.booleans()):
        fields.pop(draw(st.integers(0, 2)))
        fields.sort()
    return f"{{{','.join(fields)}{extra}}}"


@st.composite
def bodies(draw: st.DrawFn, known: list[str]) -> bytes:
    chosen = draw(st.lists(st.sampled_from(known), max_size=8, unique=draw(st.booleans())))
    text = "".join(
        row + draw(st.sampled_from(SEPARATORS[: draw(st.sampled_from((4, 4, 4, 9)))])) for row in chosen
    )
    around = draw(st.sampled_from(AROUND[: draw(st.sampled_from((1, 5, 17)))]))
    body = around.replace("ROWS", text[:-1]).encode()
    for _ in range(draw(st.sampled_from((0, 0, 0, 1, 2)))):
        at, size = draw(st.integers(0, len(body))), draw(st.sampled_from((0, 0, 1, 9)))
        body = body[:at] + draw(st.sampled_from((b"", *TOKENS))) + body[at + size :]
    return body


@st.composite
def three_reports(draw: st.DrawFn) -> tuple[bytes, bytes, bytes]:
    known = draw(st.lists(rows(), min_size=1, max_size=8))
    return draw(bodies(known)), draw(bodies(known)), draw(bodies(known))


def read_whole(body: bytes, previous: Snapshot) -> Report:
    """Read as if a cut were never safe."""
    return _Comparison(decode(mended(body), previous._pieces), previous).report()


@dataclass
class Plain:
    """The definition of a report's content, row by row, without any shortcut."""

    good: dict[bytes, Referral]
    uids: set[str | None]
    rejected: int
    listed: int

    @classmethod
    def of(cls, body: bytes) -> "Plain":
        listing = decode(mended(body), [])
        every = [*map(wrapped, listing.pieces), *listing.loose]
        read = [(row, read_row(row) or explain(row)) for row in every]
        rows_of: dict[str | None, set[bytes]] = {}
        for row, said in read:
            rows_of.setdefault(said.uid, set()).add(row)
        good = {row: said for row, said in read if isinstance(said, Referral) and len(rows_of[said.uid]) == 1}
        return cls(good, set(rows_of), len(every) - len(good), len(every))

    def sums(self) -> dict[str, Decimal]:
        with localcontext(prec=2000):
            return {
                window: sum((getattr(row, window) for row in self.good.values()), Decimal(0))
                for window in EMPTY._sums
            }


def in_order(found: Iterable[object]) -> list[str]:
    return sorted(map(repr, found))


def comparable(report: Report | str) -> Report | str:
    if isinstance(report, str):
        return report
    return replace(
        report,
        new=in_order(report.new),  # type: ignore[arg-type]  # only to be compared
        old=in_order(report.old),  # type: ignore[arg-type]
        gone=sorted(report.gone),
        rejected=in_order(report.rejected),  # type: ignore[arg-type]
        snapshot=EMPTY,
    )


def check_against_definition(report: Report, before: Plain, now: Plain) -> None:
    new = [row for raw, row in now.good.items() if raw not in before.good]
    old = [row for raw, row in before.good.items() if raw not in now.good]
    assert in_order(report.new) == in_order(new)
    assert in_order(report.old) == in_order(old)
    assert sorted(report.gone) == sorted(row.uid for row in old if row.uid not in now.uids)
    assert (report.listed, len(report.rejected), report.summed) == (now.listed, now.rejected, now.sums())


def check_chain(chain: tuple[bytes, ...]) -> None:
    """Read reports one after another, in every mixture of cut and whole."""
    held = [EMPTY]
    before = Plain({}, set(), 0, 0)
    for body in chain:
        whole = attempt(read_whole, body, held[0])
        read = [whole]
        for snapshot in held:
            read += [attempt(read_report, body, snapshot), attempt(read_whole, body, snapshot)]
        reports = [report for report in read if isinstance(report, Report)]
        assert all(comparable(report) == comparable(read[0]) for report in read)
        if isinstance(whole, Report):
            now = Plain.of(body)
            check_against_definition(whole, before, now)
            held = [report.snapshot for report in reports[:3]]
            before = now


def attempt(reader: Callable[[bytes, Snapshot], Report], body: bytes, previous: Snapshot) -> Report | str:
    try:
        return reader(body, previous)
    except UnreadableReport as unreadable:
        return unreadable.detail


ROW = b'{"uid":"aB3dE5","name":"Some","wagered":{"today":1,"this_week":1,"this_month":1,"all_time":ALL}}'
ONE, TWO = ROW.replace(b"ALL", b"1"), ROW.replace(b"ALL", b"2")
OTHER = ONE.replace(b"aB3dE5", b"bbbbbb")
ESCAPED = TWO.replace(b"aB3dE5", b"\\u0061B3dE5")
OVERRULED = OTHER.replace(b"}}", b'},"uid":"aB3dE5"}')


@given(three_reports())
@settings(max_examples=200, deadline=None)
@example((b"[%b]" % ONE, b"[%b,%b]" % (ONE, TWO), b"[%b]" % ONE))
@example((b"[%b]" % ONE, b"[%b,%b]" % (ONE, ONE), b"[%b,%b,%b]" % (TWO, ONE, ONE)))
@example((b"[%b]" % ONE, b"[%b,%b]" % (ONE, ESCAPED), b"[%b]" % ESCAPED))
@example((b"[%b,%b]" % (ONE, OTHER), b"[%b,%b]" % (ONE, OVERRULED), b"[%b]" % OVERRULED))
@example((b"[%b]" % ESCAPED, b"[%b,%b]" % (ESCAPED, ONE), b"[%b]" % ONE))
@example((b"[%b]" % OVERRULED, b"[%b,%b]" % (OVERRULED, ONE), b"[%b]" % ONE))
@example((b"[%b,%b]" % (OTHER, ONE), b"[%b,%b]" % (ONE, OTHER), b"[%b, %b]" % (ONE, OTHER)))
def test_every_way_to_read_a_report_gives_the_same(chain: tuple[bytes, bytes, bytes]) -> None:
    check_chain(chain)


def test_the_usual_report_is_cut_and_only_its_changes_are_fresh() -> None:
    before = b'{"success":true,"data":[%b,%b],"today":2}' % (ONE, OTHER)
    after = b'{"success":true,"data":[%b,%b],"today":2}' % (OTHER, TWO)
    known = decode(before, []).pieces

    listing = cut(after, known)

    assert listing is not None
    assert [wrapped(listing.pieces[at]) for at in listing.fresh] == [TWO]
    assert [wrapped(piece) for piece in listing.stale] == [ONE]
    assert listing.claimed == {"today": 2}


def test_a_boundary_in_a_nested_list_is_not_cut_at() -> None:
    nested = ONE.replace(b"}}", b'},"friends":[{"uid":"q"},{"uid":"r"}]}')

    assert cut(b"[%b,%b]" % (nested, OTHER), []) is None
    assert [row.uid for row in read_report(b"[%b,%b]" % (nested, OTHER)).new] == ["aB3dE5", "bbbbbb"]


def test_a_name_that_quotes_the_boundary_is_one_name() -> None:
    quoting = ONE.replace(b"Some", rb"a\"},{\"uid\":\"b")

    report = read_report(b"[%b,%b]" % (quoting, OTHER))

    assert cut(b"[%b,%b]" % (quoting, OTHER), []) is not None
    assert [row.name for row in report.new] == ['a"},{"uid":"b', "Some"]


def test_a_cut_needs_each_part_to_be_json_by_itself() -> None:
    for broken in (ONE[:-1] + b",}", ONE.replace(b"1", b"01", 1), ONE.replace(b"Some", b"So\nme")):
        assert cut(b"[%b,%b]" % (broken, OTHER), []) is None
    assert cut(b"[%b]" % ONE[len(OPENING) :], []) is None
    assert cut(b'{"data":[%b],"data":["here the rows stood"]}' % ONE, []) is None
