"""Taking users over, a batch at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from goatedvips.accounts.mails import tell_by_mail
from goatedvips.accounts.names import skeleton
from goatedvips.accounts.roles import Role
from goatedvips.audit.service import Act
from goatedvips.legacy.repository import HeldUser, Imported, NewUser
from goatedvips.legacy.rules import values
from goatedvips.legacy.rules.findings import (
    Finding,
    Left,
    Outcome,
    Refused,
    RowReport,
    outcome_of,
    refusal,
)
from goatedvips.legacy.rules.users import Account, Known, LegacyUser, Terms, address, link_of, map_user, named
from goatedvips.legacy.source_repository import AT_ONCE
from goatedvips.races.settlement.standing_out import follow_account

TABLE = "users"
_LINKED_THERE = "Linked in the first system."


@dataclass(frozen=True, slots=True)
class Named:
    """An account that was added."""

    user_id: int
    username: str


@dataclass(frozen=True, slots=True)
class Link:
    """A user who is to be linked to his player."""

    number: int
    """The user's there."""
    user_id: int
    player_id: int


@dataclass(slots=True)
class People:
    """Takes users over. What it does to each is in `acts`, for the audit log."""

    connection: AsyncConnection
    imported: Imported
    terms: Terms
    actor: str
    send_resets: bool
    resets: int = 0
    acts: list[Act] = field(default_factory=list)
    _links: list[Link] = field(default_factory=list)

    async def take(self, users: Sequence[LegacyUser]) -> list[RowReport]:
        """Take over what can be taken of a batch; return what became of each row."""
        before = await self.imported.taken("user", [user.id for user in users])
        new = [user for user in users if user.id not in before]
        addresses = await self.imported.verified(
            [found for user in new if (found := address(user.email or ""))]
        )
        players = await self.imported.players([user.goated_id for user in users if user.goated_id])
        known = Known(addresses, players)
        reports, accounts = [], []
        for user in new:
            mapped = map_user(user, known, self.terms)
            if isinstance(mapped, Account):
                accounts.append((user, mapped))
                if mapped.email is not None and mapped.email_verified:
                    addresses.add(mapped.email.lower())
            else:
                reports.append(_not_taken(user, mapped))
        reports += await self._add(accounts)
        reports += await self._again([user for user in users if user.id in before], before, known=known)
        return sorted(reports, key=lambda report: report.id)

    async def link(self) -> int:
        """Link those who were found; return how many. At the end: what boards show of people waits for it."""
        count = 0
        for start in range(0, len(self._links), AT_ONCE):
            part = self._links[start : start + AT_ONCE]
            linked = await self.imported.link({link.user_id: link.player_id for link in part})
            part = [link for link in part if link.user_id in linked]
            await self.imported.remember("link", {link.number: link.player_id for link in part})
            for link in part:
                details = {"user": link.user_id, "player": link.player_id, "reason": _LINKED_THERE}
                self.acts.append(Act("user.linked", f"user:{link.user_id}", details))
            # Of those who were here before, some may have excluded themselves while the link waited.
            for player_id in await self.imported.kept_out(linked):
                self.acts += await follow_account(
                    self.connection, player_id, actor=self.actor, now=self.terms.now
                )
            count += len(part)
        return count

    async def _add(self, accounts: Sequence[tuple[LegacyUser, Account]]) -> list[RowReport]:
        added = await self._name([account for _, account in accounts])
        await self.imported.remember("user", {number: new.user_id for number, new in added.items()})
        reports, old_names = [], {}
        for user, account in accounts:
            new = added.get(account.id)
            if new is None:
                reports.append(_not_taken(user, _nameless(account)))
                continue
            findings = named(account, user.username, new.username) + account.findings
            if new.username != user.username:
                old_names[new.user_id] = user.username
            if account.player_id is not None:
                self._links.append(Link(user.id, new.user_id, account.player_id))
            if account.role is Role.ADMIN:
                details = {"before": Role.USER, "after": account.role}
                self.acts.append(Act("user.role_changed", f"user:{new.user_id}", details))
            if account.needs_reset:
                await self._ask_for_reset(user, new.user_id)
            reports.append(RowReport(TABLE, user.id, outcome_of(findings), f"user:{new.user_id}", findings))
        await self.imported.keep_names(old_names)
        return reports

    async def _name(self, accounts: Sequence[Account]) -> dict[int, Named]:
        """Add accounts, each under the first of its names that is free; return them by their old numbers."""
        added: dict[int, Named] = {}
        attempt = 0
        while wanted := _wanted([account for account in accounts if account.id not in added], attempt):
            id_of = await self.imported.add_users(wanted)
            for new in wanted:
                if new.username in id_of:
                    added[new.account.id] = Named(id_of[new.username], new.username)
            attempt += 1
        return added

    async def _again(
        self, users: Sequence[LegacyUser], before: Mapping[int, int], *, known: Known
    ) -> list[RowReport]:
        """Do for users who are here what could not be done when they were taken."""
        linked = await self.imported.taken("link", before)
        mailed = await self.imported.taken("reset", before)
        held = await self.imported.held(before.values())
        reports = []
        for user in users:
            person = held[before[user.id]]
            target = f"user:{person.id}"
            if person.status != "erased" and (differs := self._is_another(user, person)):
                reports.append(RowReport(TABLE, user.id, Outcome.REFUSED, target, (differs,)))
                continue
            findings: tuple[Finding, ...] = ()
            if user.id not in linked and person.player_id is None and person.status == "active":
                player_id, findings = link_of(user, known, Role(person.role))
                if player_id is not None:
                    self._links.append(Link(user.id, person.id, player_id))
            if person.has_address and person.has_no_password and user.id not in mailed:
                await self._ask_for_reset(user, person.id)
            reports.append(RowReport(TABLE, user.id, Outcome.THERE, target, findings))
        return reports

    def _is_another(self, user: LegacyUser, person: HeldUser) -> Finding | None:
        """Say so if the row is not the one that was taken under this number."""
        try:
            created_at = values.instant(user.created_at or "", self.terms.zone, latest=self.terms.now)
        except ValueError:
            return None
        if created_at == person.created_at:
            return None
        why = "under this number a row of another time was taken; is this another database or --timezone?"
        return refusal("created_at", "another_row", why)

    async def _ask_for_reset(self, user: LegacyUser, user_id: int) -> None:
        if self.send_resets:
            await tell_by_mail(self.connection, "mail.reset_password", user_id, now=self.terms.now)
            await self.imported.remember("reset", {user.id: user_id})
            self.resets += 1


def _wanted(accounts: Sequence[Account], attempt: int) -> list[NewUser]:
    """Return each account under its next name; of those with one name only the first, the others wait."""
    by_name: dict[str, NewUser] = {}
    for account in accounts:
        name = account.naming.choice(attempt)
        if name is not None:
            by_name.setdefault(name, NewUser(account, name, skeleton(name)))
    return list(by_name.values())


def _not_taken(user: LegacyUser, mapped: Left | Refused) -> RowReport:
    outcome = Outcome.LEFT if isinstance(mapped, Left) else Outcome.REFUSED
    return RowReport(TABLE, user.id, outcome, None, mapped.findings)


def _nameless(account: Account) -> Refused:
    why = "every name that he could have is another's here"
    return Refused((*account.findings, refusal("username", "no_name", why)))
