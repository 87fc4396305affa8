"""Prints the modules that only compute, for coverage: their every branch must be tested."""

PURE = (
    "goatedvips/audit/chain.py",
    "goatedvips/kit/etag.py",
    "goatedvips/kit/money.py",
    "goatedvips/kit/pagination.py",
    "goatedvips/kit/windows.py",
    "goatedvips/leaderboards/board.py",
    "goatedvips/leaderboards/boards.py",
    "goatedvips/ledger/accounts.py",
    "goatedvips/players/tiers.py",
    "goatedvips/races/calendar_feed/ical.py",
    "goatedvips/races/payouts/sheet.py",
    "goatedvips/races/rules/*.py",
    "goatedvips/races/rules/proof/*.py",
    "goatedvips/races/series/instances.py",
    "goatedvips/races/series/preview.py",
    "goatedvips/races/series/terms.py",
    "goatedvips/races/terms.py",
    "goatedvips/races/views.py",
    "goatedvips/realtime/delta.py",
    "goatedvips/realtime/pending.py",
    "goatedvips/realtime/protocol.py",
    "goatedvips/sync/judge.py",
    "goatedvips/sync/schedule.py",
    "goatedvips/upstream/cut.py",
    "goatedvips/upstream/envelope.py",
    "goatedvips/upstream/rows.py",
    "goatedvips/upstream/wire.py",
    "goatedvips/wagers/diff.py",
)

if __name__ == "__main__":
    print(",".join(PURE))
