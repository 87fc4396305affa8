"""Which configurations may run, and which only with a word of warning."""

from pathlib import Path
from typing import Any

import pytest

from goatedvips.checks import findings, refuse_errors, room
from goatedvips.kit.errors import BadInput
from goatedvips.pages.folder import DEFAULTS
from goatedvips.settings import Settings

GOOD = {
    "goatedvips_env": "production",
    "goatedvips_home": "/nowhere",
    "goatedvips_public_url": "https://vips.example",
    "goated_api_url": "https://apis.goated.com/user",
    "goated_referral_code": "CODE",
    "database_url": "postgresql://me:secret@db.example/vips",
    "goatedvips_monthly_prize_pool": "500",
    "goatedvips_weekly_prize_pool": "0",
    "goatedvips_daily_prize_pool": "0",
    "goatedvips_secret_key": "s" * 40,
    "smtp_url": "smtp://me:secret@mail.example",
    "goatedvips_pages": DEFAULTS,
}


def found(values: dict[str, Any]) -> list[tuple[str, str]]:
    given = {name: value for name, value in values.items() if value is not None}
    return [(each.severity, each.setting) for each in findings(Settings.model_validate(given))]


def test_a_good_production_has_no_findings() -> None:
    assert found(GOOD) == []
    refuse_errors(Settings.model_validate(GOOD))


def test_nothing_need_be_set_to_try_it_out() -> None:
    assert found({}) == []


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"goated_api_url": None}, "GOATED_API_URL"),
        ({"goated_api_url": "http://apis.goated.com/user"}, "GOATED_API_URL"),
        ({"goated_api_url": "ftp://apis.goated.com"}, "GOATED_API_URL"),
        ({"goated_api_url": "apis.goated.com"}, "GOATED_API_URL"),
        ({"goated_api_url": "https://[::1"}, "GOATED_API_URL"),
        ({"goated_api_url": "https://apis.goated.com:port/"}, "GOATED_API_URL"),
        ({"goated_referral_code": None}, "GOATED_REFERRAL_CODE"),
        ({"database_url": "postgresql://me@db.example/vips"}, "DATABASE_URL"),
        ({"database_url": "mysql://me:secret@db.example/vips"}, "DATABASE_URL"),
        ({"database_url": "not an address"}, "DATABASE_URL"),
        ({"database_url": "postgresql://me:secret@db:port/x"}, "DATABASE_URL"),
        ({"read_database_url": "postgresql://me@replica.example/vips"}, "READ_DATABASE_URL"),
        ({"database_url": None, "read_database_url": "postgresql://a:b@c/d"}, "READ_DATABASE_URL"),
        ({"owner_database_url": "postgresql://me@db.example/vips"}, "OWNER_DATABASE_URL"),
        ({"database_url": None, "owner_database_url": "postgresql://a:b@c/d"}, "OWNER_DATABASE_URL"),
        ({"goatedvips_pages": "/nowhere"}, "GOATEDVIPS_PAGES"),
        ({"goatedvips_secret_key": None}, "GOATEDVIPS_SECRET_KEY"),
        ({"goatedvips_secret_key": "short"}, "GOATEDVIPS_SECRET_KEY"),
        ({"goatedvips_secret_key": f"{'x' * 32}, short"}, "GOATEDVIPS_SECRET_KEY"),
        ({"goatedvips_password_cost": 9}, "GOATEDVIPS_PASSWORD_COST"),
        ({"smtp_url": None}, "SMTP_URL"),
        ({"smtp_url": "https://mail.example"}, "SMTP_URL"),
        ({"smtp_url": "smtp://mail.example:0"}, "SMTP_URL"),
        ({"smtp_url": "smtp://[::1"}, "SMTP_URL"),
        ({"smtp_url": "smtp://mail.example?tls=off"}, "SMTP_URL"),
        ({"goatedvips_cors_origins": ["*"]}, "GOATEDVIPS_CORS_ORIGINS"),
        ({"goatedvips_public_url": None}, "GOATEDVIPS_PUBLIC_URL"),
        ({"goatedvips_public_url": "http://vips.example"}, "GOATEDVIPS_PUBLIC_URL"),
        ({"goatedvips_public_url": "https://"}, "GOATEDVIPS_PUBLIC_URL"),
        ({"goatedvips_public_url": "https://[::1"}, "GOATEDVIPS_PUBLIC_URL"),
        ({"goatedvips_timezone": "Berlin"}, "GOATEDVIPS_TIMEZONE"),
        ({"goatedvips_monthly_prize_pool": None}, "GOATEDVIPS_MONTHLY_PRIZE_POOL"),
        ({"goatedvips_weekly_prize_pool": None}, "GOATEDVIPS_WEEKLY_PRIZE_POOL"),
        ({"goatedvips_daily_prize_pool": None}, "GOATEDVIPS_DAILY_PRIZE_POOL"),
        ({"goatedvips_trusted_proxies": ["0.0.0.0/0"]}, "GOATEDVIPS_TRUSTED_PROXIES"),
        ({"goatedvips_trusted_proxies": ["*"]}, "GOATEDVIPS_TRUSTED_PROXIES"),
        ({"goatedvips_trusted_proxies": ["proxy.example/8"]}, "GOATEDVIPS_TRUSTED_PROXIES"),
    ],
)
def test_a_weak_production_does_not_start(change: dict[str, object], setting: str) -> None:
    assert found(GOOD | change) == [("error", setting)]
    with pytest.raises(BadInput) as refused:
        refuse_errors(Settings.model_validate({k: v for k, v in (GOOD | change).items() if v is not None}))
    assert [error.field for error in refused.value.errors] == [setting]


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"goatedvips_sync_interval": 30}, "GOATEDVIPS_SYNC_INTERVAL"),
        ({"goatedvips_rate_limit": 0}, "GOATEDVIPS_RATE_LIMIT"),
        ({"goatedvips_pages": None}, "GOATEDVIPS_PAGES"),
        ({"goatedvips_env": "development", "goatedvips_host": "0.0.0.0"}, "GOATEDVIPS_HOST"),  # noqa: S104 - the very mistake
    ],
)
def test_what_is_doubtful_is_said_but_starts(change: dict[str, object], setting: str) -> None:
    assert found(GOOD | change) == [("warning", setting)]
    refuse_errors(Settings.model_validate(GOOD | change))


@pytest.mark.parametrize(
    "change",
    [
        {"goated_api_url": "http://127.0.0.1:8100/user"},
        {"database_url": "postgresql://me@localhost/vips"},
        {"database_url": "postgresql:///vips?host=/run/postgresql"},
        {"database_url": "postgresql://me@db.example/vips?sslcert=me.crt"},
        {"database_url": "postgresql+psycopg://me:secret@db.example/vips"},
        {"database_url": "postgres://me:secret@db.example/vips"},
        {"owner_database_url": "postgresql://owner:secret@db.example/vips"},
        {"database_url": None, "goatedvips_secret_key": None},
        {"goatedvips_secret_key": f"{'x' * 32}, {'y' * 32}"},
        {"smtp_url": "smtps://me:secret@mail.example"},
        {"smtp_url": "smtp://127.0.0.1:25?tls=off"},
        {"goatedvips_cors_origins": ["https://friend.example"]},
        {"goatedvips_trusted_proxies": ["10.0.0.0/8", "::1"]},
        {"goatedvips_host": "0.0.0.0"},  # noqa: S104 - what production does
    ],
)
def test_what_is_safe_is_let_be(change: dict[str, object]) -> None:
    assert found(GOOD | change) == []


@pytest.mark.parametrize(("env", "severity"), [("production", "error"), ("development", "warning")])
def test_a_real_feed_is_kept_apart_from_simulated_players(tmp_path: Path, env: str, severity: str) -> None:
    (tmp_path / "simulator.json").touch()
    mixed = GOOD | {"goatedvips_home": tmp_path, "goatedvips_env": env, "database_url": None}

    assert found(mixed) == [(severity, "GOATEDVIPS_HOME")]
    assert found(mixed | {"database_url": GOOD["database_url"]}) == []


def test_errors_come_before_warnings() -> None:
    weak = GOOD | {"goatedvips_rate_limit": 0, "goatedvips_timezone": "Berlin"}

    assert [severity for severity, _ in found(weak)] == ["error", "warning"]


def test_no_finding_tells_a_secret() -> None:
    weak = GOOD | {"database_url": "mysql://me:hush-hush@db/x", "smtp_url": "hush://hush-hush"}

    assert "hush" not in " ".join(each.text for each in findings(Settings.model_validate(weak)))


@pytest.mark.parametrize(
    ("megabytes", "said"),
    [
        (0, [("error", "has only 0 MB free; reports cannot be stored, make room")]),
        (127, [("error", "has only 127 MB free; reports cannot be stored, make room")]),
        (128, [("warning", "has only 128 MB free")]),
        (2047, [("warning", "has only 2,047 MB free")]),
        (2048, []),
    ],
)
def test_a_disk_without_room_is_an_error_and_one_with_little_a_warning(
    megabytes: int, said: list[tuple[str, str]]
) -> None:
    assert [(found.severity, found.text) for found in room(megabytes * 1024**2)] == said
