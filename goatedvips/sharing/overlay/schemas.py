from goatedvips.kit.schemas import Schema
from goatedvips.races.schemas import RacePosition


class OverlayOwner(Schema):
    """Whose overlay it is, and where he stands in the race; without a linked player he stands nowhere."""

    username: str
    standing: RacePosition | None
