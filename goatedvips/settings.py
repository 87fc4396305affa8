"""What an operator can set: from the environment, a TOML file, or flags, each overriding the one before."""

import os
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic_core import ErrorDetails

from goatedvips.kit.errors import BadInput, FieldError
from goatedvips.kit.money import parse_cents

SECRETS = (
    *("DATABASE_URL", "OWNER_DATABASE_URL", "READ_DATABASE_URL"),
    *("GOATED_API_TOKEN", "GOATEDVIPS_SECRET_KEY", "SMTP_URL"),
)
"""Settings that may be given as `NAME_FILE`, the path of a file that holds the value."""

CONFIG = "GOATEDVIPS_CONFIG"
"""Names the file with settings."""

MIN_SECRET_KEY = 32
"""Characters: a random key of 32 hexadecimal digits has 128 bits."""
MIN_PASSWORD_COST = 10
"""In production (OWASP, password storage)."""

Share = Annotated[float, Field(ge=0, le=1)]


def _check_money(text: str) -> str:
    parse_cents(text)
    return text


Money = Annotated[str, AfterValidator(_check_money)]


def _split(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


Listed = Annotated[list[str], BeforeValidator(_split)]
"""Several values, in the environment with commas between them."""


class Settings(BaseModel):
    """Every setting under the name that the environment and the file give it, in lower case here."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)

    goatedvips_home: Annotated[Path, AfterValidator(Path.expanduser)] = Field(
        default_factory=lambda: platformdirs.user_data_path("goatedvips")
    )
    goatedvips_env: Literal["development", "production"] = "development"
    goatedvips_log_level: Literal["debug", "info", "warning", "error"] = "info"
    goatedvips_host: str = "127.0.0.1"
    goatedvips_port: Annotated[int, Field(ge=0, le=65535)] = 8000
    goatedvips_public_url: str | None = None
    goatedvips_pages: Annotated[Path, AfterValidator(Path.expanduser)] | None = None
    """A folder with pages in Markdown that stand in for those that ship."""
    goatedvips_ad_label: Annotated[str, Field(max_length=120)] | None = None
    """How every page says that it is advertising, where the law asks for certain words."""
    goatedvips_cors_origins: Listed = []
    goatedvips_trusted_proxies: Listed = []
    goatedvips_rate_limit: Annotated[int, Field(ge=0)] = 6000
    """Requests a minute from one address, behind which a mobile carrier may put thousands; 0 for no limit."""
    goatedvips_request_log: Literal["all", "signed_in", "off"] = "all"
    """Which API requests are logged: all, those of people whom we know, or none."""
    goatedvips_max_sockets: Annotated[int, Field(ge=1)] = 20_000
    goatedvips_max_sockets_per_address: Annotated[int, Field(ge=1)] = 2000
    """A mobile carrier puts thousands of people behind one address."""
    goatedvips_secret_key: SecretStr | None = None
    """Encrypts what must be read again. Several with commas: the first encrypts, all of them read."""
    goatedvips_password_cost: Annotated[int, Field(ge=4, le=16)] = 12
    """Of bcrypt: each one more doubles the time that a password takes."""

    goatedvips_link_by_wager: bool = False
    """Whether two small wagers can prove that a player is somebody's, without staff."""

    smtp_url: SecretStr | None = None
    goatedvips_mail_from: str = "GoatedVIPs <no-reply@localhost>"

    database_url: SecretStr | None = None
    owner_database_url: SecretStr | None = None
    """Migrates; without it DATABASE_URL does."""
    read_database_url: SecretStr | None = None

    goated_api_url: str | None = None
    goated_referral_code: str | None = None
    goated_api_token: SecretStr | None = None
    goated_api_connect_timeout: Annotated[float, Field(gt=0)] = 10
    goated_api_read_timeout: Annotated[float, Field(gt=0)] = 30
    goated_api_total_timeout: Annotated[float, Field(gt=0)] = 90
    """Seconds; the feed takes 8 to 15 and has been seen to take 60."""
    goated_api_max_bytes: Annotated[int, Field(gt=0)] = 512 * 1024 * 1024
    """A million players make 128 MB."""

    goatedvips_sync_interval: Annotated[float, Field(ge=1)] = 300
    goatedvips_max_shrink: Share = 0.20
    goatedvips_max_bad_rows: Share = 0.05
    goatedvips_max_zeroed: Share = 0.05
    goatedvips_sum_tolerance: Annotated[Decimal, Field(ge=0)] = Decimal("0.000001")
    goatedvips_report_days: Annotated[float, Field(gt=0)] = 30
    """How long raw reports are kept that are no race's boundary."""

    goatedvips_timezone: str = "UTC"
    """In which the default series start: daily at midnight, weekly on Monday, monthly on the 1st."""
    goatedvips_monthly_prize_pool: Money = "500.00"
    goatedvips_weekly_prize_pool: Money = "100.00"
    goatedvips_daily_prize_pool: Money = "20.00"
    """Dollars; 0 for no such series. Read once, when the series is first made."""
    goatedvips_four_eyes: bool = False
    """Whether who approved an award may not be the one who pays it."""

    @property
    def production(self) -> bool:
        """Whether real players depend on this installation."""
        return self.goatedvips_env == "production"

    @property
    def secret_keys(self) -> list[str]:
        """The keys that encrypt, the present one first; raise `BadInput` if there is none."""
        given = self.goatedvips_secret_key
        if given is None:
            raise BadInput.field("GOATEDVIPS_SECRET_KEY", "is not set")
        return [key.strip() for key in given.get_secret_value().split(",") if key.strip()]

    @property
    def site_url(self) -> str:
        """Where people find the site, without a slash at the end."""
        own = f"http://{self.goatedvips_host}:{self.goatedvips_port}"
        return (self.goatedvips_public_url or own).rstrip("/")

    @property
    def simulated(self) -> bool:
        """Whether there is no real feed, so that the simulator stands in."""
        return self.goated_api_url is None


def load_settings(**flags: object) -> Settings:
    """Gather the settings; raise `BadInput` naming each that does not hold what was expected.

    Flags that are None were not given. A setting that is given but empty counts as not given.
    """
    gathered = _given(dict(os.environ)) | _from_file(os.environ.get("GOATEDVIPS_CONFIG"))
    gathered |= _from_secret_files(gathered)
    gathered |= {name: value for name, value in flags.items() if value is not None}
    known = {name: value for name, value in gathered.items() if name in Settings.model_fields}
    try:
        return Settings.model_validate(known)
    except ValidationError as error:
        raise BadInput([_complaint(wrong) for wrong in error.errors()]) from None


_KINDS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "values with commas between them",
    "string": "text",
}


def _complaint(wrong: ErrorDetails) -> FieldError:
    name = str(wrong["loc"][0])
    # Our own checks say it themselves; pydantic speaks of inputs and parsing.
    ours = wrong.get("ctx", {}).get("error")
    return FieldError(name.upper(), str(ours) if ours else f"expected {_expectation(name)}")


def _expectation(name: str) -> str:
    """Say what may be written for a setting."""
    form = Settings.model_json_schema()["properties"][name]
    form = form.get("anyOf", [form])[0]
    if "enum" in form:
        *others, last = form["enum"]
        return f"{', '.join(others)} or {last}"
    kind = _KINDS[form["type"]]
    if "maximum" in form:
        return f"{kind} from {form['minimum']} to {form['maximum']}"
    if "minimum" in form:
        return f"{kind}, {form['minimum']:g} or more"
    return f"{kind} above {form['exclusiveMinimum']}" if "exclusiveMinimum" in form else kind


def environment_with(settings: Settings, **changes: str) -> dict[str, str]:
    """Return this process's environment, in which a child loads these very settings with some changed.

    What the settings were gathered from stays behind: in the child, a file would override the changes.
    """
    settled = {*(name.upper() for name in Settings.model_fields), *map(_file_name, SECRETS), CONFIG}
    others = {name: value for name, value in os.environ.items() if name.upper() not in settled}
    given = {name: getattr(settings, name) for name in settings.model_fields_set}
    ours = {name.upper(): _as_text(value) for name, value in given.items() if value is not None}
    return others | ours | changes


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ",".join(value) if isinstance(value, list) else str(value)


def _given(settings: Mapping[str, object]) -> dict[str, object]:
    return {
        name.lower(): value for name, value in settings.items() if not isinstance(value, str) or value.strip()
    }


def _file_name(secret: str) -> str:
    return f"{secret}_FILE"


def _from_file(path: str | None) -> dict[str, object]:
    if not path:
        return {}
    try:
        held = tomllib.loads(_read(path, CONFIG))
    except tomllib.TOMLDecodeError as error:
        raise BadInput.field(CONFIG, f"{path} is not TOML: {error}") from None
    known = {*Settings.model_fields, *(_file_name(name).lower() for name in SECRETS)}
    if unknown := sorted(name for name in held if name.lower() not in known):
        raise BadInput([FieldError(name, f"no such setting (in {path})") for name in unknown])
    return _given(held)


def _from_secret_files(gathered: Mapping[str, object]) -> dict[str, object]:
    secrets: dict[str, object] = {}
    for name in SECRETS:
        path = gathered.get(_file_name(name).lower())
        if path is None:
            continue
        if name.lower() in gathered:
            raise BadInput.field(_file_name(name), f"{name} is given as well; keep one of them")
        secrets[name.lower()] = _read(str(path), _file_name(name)).strip()
    return _given(secrets)


def _read(path: str, setting: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput.field(setting, f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise BadInput.field(setting, f"{path} is not text in UTF-8") from None
