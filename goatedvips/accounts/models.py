from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, func, text
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class User(Base):
    """An account on this site, with what the site shows of it; may be linked to one player.

    The seed's columns of the feed (`goated_id`, `total_wager`, …) live with the player, so that a
    player can never occupy a username.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(r"profile_color ~ '^#[0-9A-Fa-f]{6}$'", name="profile_color_is_rgb"),
        Index(
            "ix_users_lower_username",
            func.lower(text("username")).label("lowered"),
            postgresql_ops={"lowered": "text_pattern_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(server_default=text("nextval('person_ids')"), primary_key=True)
    username: Mapped[str] = mapped_column(unique=True)
    bio: Mapped[str | None]
    profile_color: Mapped[str] = mapped_column(server_default="#D7FF00")
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    player_id: Mapped[int | None] = mapped_column(ForeignKey("players.id"), unique=True)
