from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from goatedvips.kit.postgres import Base


class LedgerTransfer(Base):
    """Cents moved from one account to another: a debit and a credit in one row, so that they always balance.

    Append-only; what was wrong is moved back. `key` names the cause, so that one cause moves money once.
    """

    __tablename__ = "ledger_transfers"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit <> credit", name="between_two_accounts"),
        Index("ix_ledger_transfers_debit", "debit"),
        Index("ix_ledger_transfers_credit", "credit"),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    debit: Mapped[str]
    """The account it is taken from."""
    credit: Mapped[str]
    """The account it is given to."""
    amount: Mapped[int]
    at: Mapped[datetime]
