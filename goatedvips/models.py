"""All tables in one place, for whoever needs the whole schema."""

from goatedvips.accounts.models import User
from goatedvips.kit.postgres import Base
from goatedvips.players.models import Player, PlayerName
from goatedvips.races.models import RaceSeries, WagerRace, WagerRaceParticipant
from goatedvips.sync.models import FeedReport, SyncLog, TransformationLog
from goatedvips.wagers.models import WagerReading, WagerTotal

__all__ = [
    "Base",
    "FeedReport",
    "Player",
    "PlayerName",
    "RaceSeries",
    "SyncLog",
    "TransformationLog",
    "User",
    "WagerRace",
    "WagerRaceParticipant",
    "WagerReading",
    "WagerTotal",
]
