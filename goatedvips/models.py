"""Every table, imported in one place so that migrations and tests see the whole schema."""

from goatedvips.accounts import models as accounts
from goatedvips.audit import models as audit
from goatedvips.kit.postgres import Base
from goatedvips.leaderboards import models as leaderboards
from goatedvips.ledger import models as ledger
from goatedvips.legacy import models as legacy
from goatedvips.linking import models as linking
from goatedvips.outbox import models as outbox
from goatedvips.players import models as players
from goatedvips.races import models as races
from goatedvips.request_log import models as request_log
from goatedvips.sync import models as sync
from goatedvips.wagers import models as wagers

__all__ = [
    "Base",
    "accounts",
    "audit",
    "leaderboards",
    "ledger",
    "legacy",
    "linking",
    "outbox",
    "players",
    "races",
    "request_log",
    "sync",
    "wagers",
]
