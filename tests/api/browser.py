"""A visitor's browser: it keeps cookies, and sends the token that a page of ours would."""

import email
import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import policy
from pathlib import Path
from typing import Any

import httpx2

from goatedvips.kit.clock import utc_now
from goatedvips.kit.postgres import create_engine
from goatedvips.mailing import mail_round
from goatedvips.settings import Settings
from tests.api.conftest import WITHIN, Site
from tests.people import PASSWORD
from tests.roles import app_dsn

_NUMBERS = itertools.count(1)


class Browser:
    """One browser of one visitor."""

    def __init__(self, client: httpx2.Client) -> None:
        self.client = client
        self.csrf: str | None = None

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx2.Response:
        sent = ({} if self.csrf is None else {"X-CSRF-Token": self.csrf}) | headers
        answer = self.client.request(method, path, json=body, headers=sent)
        if answer.is_success and "csrfToken" in answer.text:
            self.csrf = answer.json()["csrfToken"]
        return answer

    def get(self, path: str) -> httpx2.Response:
        return self.ask("GET", path)

    def post(self, path: str, **body: object) -> httpx2.Response:
        return self.ask("POST", path, body)

    def sign_in(self, login: str, password: str = PASSWORD, **more: object) -> httpx2.Response:
        return self.post("/api/auth/login", login=login, password=password, **more)

    def register(self, username: str, /, **more: object) -> httpx2.Response:
        wanted = {"username": username, "email": f"{username}@example.com", "password": PASSWORD}
        return self.ask("POST", "/api/auth/register", wanted | more)

    def me(self) -> dict[str, Any]:
        answer = self.get("/api/auth/me")
        assert answer.status_code == 200, answer.text
        user: dict[str, Any] = answer.json()["user"]
        return user


@contextmanager
def browsing(site: Site) -> Iterator[Browser]:
    with httpx2.Client(base_url=site.url, timeout=WITHIN, trust_env=False) as client:
        yield Browser(client)


def fresh_name(prefix: str = "visitor") -> str:
    """Return a name that no other test of this process has taken."""
    return f"{prefix}{next(_NUMBERS)}x"


class Post:
    """The mails of a site, sent into a folder."""

    def __init__(self, site: Site, folder: Path) -> None:
        self._site = site
        self._folder = folder

    async def _send(self) -> None:
        engine = create_engine(app_dsn(self._site.dsn), acting="system")
        settings = Settings.model_validate(
            {"goatedvips_home": self._folder, "goatedvips_public_url": "https://vips.example"}
        )
        try:
            await mail_round(settings, engine, utc_now).send_all()
        finally:
            await engine.dispose()

    async def to(self, address: str) -> list[tuple[str, str]]:
        """Send what waits, and return subjects and texts of what this address has got, oldest first."""
        await self._send()
        mails = [
            email.message_from_bytes(file.read_bytes(), policy=policy.default)
            for file in sorted(self._folder.glob("mail/*.eml"), key=lambda file: file.stat().st_mtime_ns)
        ]
        return [(str(mail["Subject"]), mail.get_content()) for mail in mails if mail["To"] == address]

    async def token(self, address: str) -> str:
        """Return the token in the newest mail to an address."""
        _, text = (await self.to(address))[-1]
        found = re.search(r"https://vips\.example/[a-z-]+#(\S+)", text)
        assert found is not None, text
        return found[1]
