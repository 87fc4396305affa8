"""Mails that leave by SMTP, to a real server."""

import asyncio
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from goatedvips.kit.errors import BadInput
from goatedvips.mail.message import Letter, message
from goatedvips.mail.transport import MailFolder, NotDelivered, Smtp, smtp_of

LETTER = message(
    Letter(
        "ada@example.com", "Grüße", "Hello Ada,\n\nhttps://vips.example/x#token_that_is_longer_than_a_line\n"
    ),
    sender="GoatedVIPs <no-reply@vips.example>",
    at=datetime(2026, 11, 24, 12, tzinfo=UTC),
)


class Box:
    """A server that keeps what it gets, or answers as it is told."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: Any,  # noqa: ANN401 - aiosmtpd's
        _session: Any,  # noqa: ANN401
        envelope: Any,  # noqa: ANN401
        address: str,
        _options: list[str],
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802
        self.mails.append(envelope.content)
        return "250 OK"


@pytest.fixture
def box() -> Iterator[tuple[Box, Smtp]]:
    box = Box()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, smtp_of(f"smtp://127.0.0.1:{port}?tls=off")
    controller.stop()


def test_a_mail_arrives_as_it_was_written(box: tuple[Box, Smtp]) -> None:
    kept, smtp = box

    asyncio.run(smtp.send(LETTER))

    text = kept.mails[0].decode()
    assert "To: ada@example.com" in text
    assert "Auto-Submitted: auto-generated" in text
    assert "=?utf-8?" in text
    assert LETTER.get_content().endswith("#token_that_is_longer_than_a_line\n")


@pytest.mark.parametrize(("answer", "final"), [("550 nobody here", True), ("451 try later", False)])
def test_what_the_server_says_decides_whether_it_is_tried_again(
    box: tuple[Box, Smtp], answer: str, *, final: bool
) -> None:
    kept, smtp = box
    kept.answer = answer

    with pytest.raises(NotDelivered) as refused:
        asyncio.run(smtp.send(LETTER))

    assert refused.value.is_final is final
    assert answer[4:] in refused.value.detail


def test_no_server_is_tried_again() -> None:
    with pytest.raises(NotDelivered) as refused:
        asyncio.run(smtp_of("smtp://127.0.0.1:1?tls=off").send(LETTER))

    assert refused.value.is_final is False


def test_nothing_is_sent_in_the_clear_unless_that_was_asked_for(box: tuple[Box, Smtp]) -> None:
    kept, plain = box

    with pytest.raises(NotDelivered):
        asyncio.run(smtp_of(f"smtp://127.0.0.1:{plain.port}").send(LETTER))

    assert kept.mails == []


def test_an_address_names_server_and_account() -> None:
    assert smtp_of("smtp://me:p%40ss@mail.example") == Smtp("mail.example", 587, "me", "p@ss", False, True)
    assert smtp_of("smtps://mail.example:4650") == Smtp("mail.example", 4650, None, None, True, True)
    with pytest.raises(BadInput):
        smtp_of("mail.example")


def test_a_folder_keeps_each_mail_in_a_file_of_ones_own(tmp_path: Path) -> None:
    asyncio.run(MailFolder(tmp_path / "mail").send(LETTER))

    (file,) = (tmp_path / "mail").glob("*.eml")
    assert b"ada@example.com" in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("no folder")

    with pytest.raises(NotDelivered, match="mail"):
        asyncio.run(MailFolder(tmp_path / "mail").send(LETTER))


def test_nobody_can_add_a_line_to_the_head_of_a_mail() -> None:
    with pytest.raises(ValueError, match="linefeed or carriage return"):
        message(Letter("a@example.com\r\nBcc: b@example.com", "x", "x"), sender="x", at=datetime.now(UTC))
