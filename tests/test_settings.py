"""Where settings come from, and what is said of those that cannot be."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from goatedvips.kit.errors import BadInput
from goatedvips.settings import SECRETS, Settings, environment_with, load_settings


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{name.upper()}{end}" for name in Settings.model_fields for end in ("", "_FILE")]
    for name in [*names, "GOATEDVIPS_CONFIG"]:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "goatedvips.toml"
    path.touch()
    monkeypatch.setenv("GOATEDVIPS_CONFIG", str(path))
    return path


def fields_of(refused: pytest.ExceptionInfo[BadInput]) -> list[str]:
    return [error.field for error in refused.value.errors]


def test_nothing_need_be_set() -> None:
    settings = load_settings()

    assert settings.simulated
    assert not settings.production
    assert settings.goatedvips_port == 8000
    assert settings.model_fields_set == set()


def test_a_flag_overrides_the_file_and_the_file_the_environment(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOATEDVIPS_PORT", "8001")
    monkeypatch.setenv("GOATEDVIPS_HOST", "10.0.0.1")
    monkeypatch.setenv("GOATED_REFERRAL_CODE", "ENV")
    config.write_text('GOATEDVIPS_PORT = 8002\nGOATEDVIPS_HOST = "10.0.0.2"\n')

    settings = load_settings(goatedvips_port=8003, goatedvips_home=None)

    assert settings.goatedvips_port == 8003
    assert settings.goatedvips_host == "10.0.0.2"
    assert settings.goated_referral_code == "ENV"


@pytest.mark.parametrize("empty", ["", " ", "\t"])
def test_what_is_given_but_empty_is_not_given(
    config: Path, monkeypatch: pytest.MonkeyPatch, empty: str
) -> None:
    for name in Settings.model_fields:
        monkeypatch.setenv(name.upper(), empty)
    monkeypatch.setenv("DATABASE_URL_FILE", empty)
    config.write_text('GOATED_API_URL = ""\n')

    settings = load_settings()

    assert settings.model_fields_set == set()
    assert settings.simulated


def test_a_secret_may_be_in_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://me:secret@db/x\n")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    url = load_settings().database_url

    assert url is not None
    assert url.get_secret_value() == "postgresql://me:secret@db/x"


def test_the_file_may_name_the_files_of_secrets(tmp_path: Path, config: Path) -> None:
    (tmp_path / "token").write_text("a-token")
    config.write_text(f'GOATED_API_TOKEN_FILE = "{tmp_path / "token"}"\n')

    token = load_settings().goated_api_token

    assert token is not None
    assert token.get_secret_value() == "a-token"


def test_a_secret_given_twice_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://db/x")
    monkeypatch.setenv("DATABASE_URL", "postgresql://db/y")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    with pytest.raises(BadInput) as refused:
        load_settings()

    assert fields_of(refused) == ["DATABASE_URL_FILE"]


@pytest.mark.parametrize("name", ["DATABASE_URL_FILE", "GOATEDVIPS_CONFIG"])
@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_a_file_that_cannot_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes | None
) -> None:
    path = tmp_path / "file"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(name, str(path))

    with pytest.raises(BadInput) as refused:
        load_settings()

    assert fields_of(refused) == [name]
    assert str(path) in str(refused.value)


def test_a_file_that_is_no_toml_is_named(config: Path) -> None:
    config.write_text("PORT: 8000")

    with pytest.raises(BadInput, match="is not TOML") as refused:
        load_settings()

    assert fields_of(refused) == ["GOATEDVIPS_CONFIG"]


def test_an_unknown_name_in_the_file_is_refused_as_it_was_written(config: Path) -> None:
    config.write_text('GOATEDVIPS_PROT = 8000\nDATABASE_URI = "x"\nGOATEDVIPS_PORT = 8000\n')

    with pytest.raises(BadInput) as refused:
        load_settings()

    assert fields_of(refused) == ["DATABASE_URI", "GOATEDVIPS_PROT"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GOATEDVIPS_PORT", "70000"),
        ("GOATEDVIPS_PORT", "http"),
        ("GOATEDVIPS_ENV", "staging"),
        ("GOATEDVIPS_SYNC_INTERVAL", "0"),
        ("GOATEDVIPS_SYNC_INTERVAL", "nan"),
        ("GOATEDVIPS_SYNC_INTERVAL", "inf"),
        ("GOATEDVIPS_MAX_SHRINK", "1.5"),
        ("GOATEDVIPS_MAX_SHRINK", "nan"),
        ("GOATEDVIPS_SUM_TOLERANCE", "-1"),
        ("GOATEDVIPS_RATE_LIMIT", "-1"),
        ("GOATEDVIPS_REPORT_DAYS", "0"),
        ("GOATEDVIPS_MONTHLY_PRIZE_POOL", "1.005"),
        ("GOATED_API_MAX_BYTES", "0"),
        ("GOATED_API_TOTAL_TIMEOUT", "inf"),
    ],
)
def test_a_value_that_cannot_be_names_its_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadInput) as refused:
        load_settings()

    assert fields_of(refused) == [name]
    assert "Value error" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("GOATEDVIPS_PORT", "http", "expected a whole number from 0 to 65535"),
        ("GOATEDVIPS_RATE_LIMIT", "-1", "expected a whole number, 0 or more"),
        ("GOATED_API_MAX_BYTES", "0", "expected a whole number above 0"),
        ("GOATEDVIPS_SYNC_INTERVAL", "nan", "expected a number, 1 or more"),
        ("GOATEDVIPS_MAX_SHRINK", "1.5", "expected a number from 0 to 1"),
        ("GOATEDVIPS_SUM_TOLERANCE", "little", "expected a number, 0 or more"),
        ("GOATEDVIPS_FOUR_EYES", "maybe", "expected true or false"),
        ("GOATEDVIPS_LOG_LEVEL", "all", "expected debug, info, warning or error"),
        ("GOATEDVIPS_DAILY_PRIZE_POOL", "abc", "'abc' is not an amount of dollars like 1500 or 99.50"),
    ],
)
def test_what_may_be_written_for_a_setting_is_said_in_our_words(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(BadInput) as refused:
        load_settings()

    assert [(error.field, error.message) for error in refused.value.errors] == [(name, expected)]


def test_a_value_of_the_wrong_type_in_the_file_is_told_what_belongs_there(config: Path) -> None:
    config.write_text("GOATEDVIPS_CORS_ORIGINS = 5\nGOATEDVIPS_HOST = 5\n")

    with pytest.raises(BadInput) as refused:
        load_settings()

    assert [error.message for error in refused.value.errors] == [
        "expected text",
        "expected values with commas between them",
    ]


def test_lists_are_written_with_commas_or_as_lists(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOATEDVIPS_CORS_ORIGINS", "https://a.example, https://b.example,")
    config.write_text('GOATEDVIPS_TRUSTED_PROXIES = ["10.0.0.0/8", "::1"]\n')

    settings = load_settings()

    assert settings.goatedvips_cors_origins == ["https://a.example", "https://b.example"]
    assert settings.goatedvips_trusted_proxies == ["10.0.0.0/8", "::1"]


def test_secrets_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRETS:
        monkeypatch.setenv(name, "hush-hush")
    settings = load_settings()

    assert (
        "hush-hush" not in f"{settings!r} {settings!s} {settings.model_dump()} {settings.model_dump_json()}"
    )


def test_the_home_of_a_user_may_be_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOATEDVIPS_HOME", "~/vips")

    assert load_settings().goatedvips_home == Path.home() / "vips"


def test_a_child_loads_what_its_parent_settled_on(
    tmp_path: Path, config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("postgresql://from/file")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("GOATEDVIPS_CORS_ORIGINS", "https://a.example,https://b.example")
    monkeypatch.setenv("OTHERS", "stay")
    config.write_text('GOATEDVIPS_PORT = 8002\nGOATED_API_TOKEN = "tok"\nGOATEDVIPS_SUM_TOLERANCE = "0.1"\n')
    parent = load_settings(goatedvips_port=8003)
    environment = environment_with(parent, DATABASE_URL="postgresql://handed/on")
    program = """
import json
from goatedvips.settings import environment_with, load_settings
print(json.dumps(environment_with(load_settings())))
"""
    child = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )

    assert environment["OTHERS"] == "stay"
    assert environment["PATH"] == os.environ["PATH"]
    assert json.loads(child.stdout) == environment
    assert environment["GOATEDVIPS_PORT"] == "8003"
    assert environment["DATABASE_URL"] == "postgresql://handed/on"
    assert environment["GOATEDVIPS_CORS_ORIGINS"] == "https://a.example,https://b.example"
    assert environment["GOATED_API_TOKEN"] == "tok"
    assert not environment.keys() & {"GOATEDVIPS_CONFIG", "DATABASE_URL_FILE"}
