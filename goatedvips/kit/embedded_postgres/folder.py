"""The folder the database lives in: whose it is, what is in it, and whether there is room."""

import contextlib
import hashlib
import os
import pwd
import secrets
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from goatedvips.kit.embedded_postgres.account import Account
from goatedvips.kit.embedded_postgres.errors import EmbeddedPostgresError

SUPERUSER = "postgres"
MEGABYTE = 1024 * 1024
# A new cluster is 40 MB with 16 MB of WAL; the rest lets migrations and a first report through.
ROOM_TO_BEGIN = 300 * MEGABYTE
# Where root's database goes when the account it must run as cannot enter the home (/root is 0700).
REACHABLE = Path("/var/lib/goatedvips")


@dataclass(frozen=True, slots=True)
class Folder:
    """The places inside `home/postgres`."""

    path: Path

    @property
    def data(self) -> Path:
        """The cluster itself."""
        return self.path / "data"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.path / "server.log"

    @property
    def port(self) -> Path:
        """The port, kept so that addresses others hold stay true after a restart."""
        return self.path / "port"

    def lock(self, name: str) -> Path:
        """Name a lock file; see `locks`."""
        return self.path / f"{name}.lock"

    def password(self, role: str) -> str:
        """Return the role's password, made at random when it is first asked for."""
        path = self.password_file(role)
        if not path.exists():
            if role == SUPERUSER and self.data.exists():
                raise EmbeddedPostgresError(f"{path} is missing: without it nobody can open {self.data}.")
            write(path, secrets.token_urlsafe(24))
        return path.read_text(encoding="utf-8").strip()

    def password_file(self, role: str) -> Path:
        """Name the file that holds the role's password."""
        return self.path / f"{role}.password"


def open_folder(home: Path, account: Account) -> Folder:
    """Return the database's folder in a home that is ours, made if it is missing."""
    home = home.expanduser().absolute()
    try:
        home.mkdir(parents=True, mode=0o700, exist_ok=True)
        _require_ours(home)
        path = home / "postgres"
        if path.is_symlink() and not path.exists():
            raise EmbeddedPostgresError(
                f"{path} points to {path.readlink()}, which is gone: bring it back, or remove "
                f"the link to begin with an empty database."
            )
        if not path.exists():
            _make(path, account)
        if not path.is_symlink():
            _let_in(home, account)  # the home may have been made when the server could run as ourselves
        path = path.resolve()
        _require_ours(path)
        _let_in(path, account)
    except OSError as cannot:
        raise EmbeddedPostgresError(
            f"{home} cannot hold the database: {cannot.strerror}. Set GOATEDVIPS_HOME to a folder of yours."
        ) from cannot
    if not account.can_enter(path):
        raise EmbeddedPostgresError(
            f"The account that the database runs as cannot enter {path}: open the folders above it "
            f"(`chmod o+x`), or set GOATEDVIPS_HOME to a folder such as {REACHABLE}."
        )
    return Folder(path)


def _make(path: Path, account: Account) -> None:
    _let_in(path.parent, account)
    if os.geteuid() != 0 or account.can_enter(path.parent):
        path.mkdir(mode=0o700, exist_ok=True)
        return
    # Root's own folders are closed to everybody, and opening them is not ours to decide.
    digest = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    target = REACHABLE / f"postgres-{digest}"
    REACHABLE.mkdir(mode=0o755, exist_ok=True)
    target.mkdir(mode=0o700, exist_ok=True)
    with contextlib.suppress(FileExistsError):  # another process came to the same answer
        path.symlink_to(target)


def _let_in(path: Path, account: Account) -> None:
    """Let the server's account, and nobody else, pass through a folder of ours."""
    if account.gid is not None:
        os.chown(path, -1, account.gid)
        path.chmod(stat.S_IMODE(path.stat().st_mode) | stat.S_IXGRP)


def require_room(path: Path, *, free: Callable[[Path], int]) -> None:
    """Refuse to begin on a disk that would be full before the first report is stored."""
    available = free(path)
    if available < ROOM_TO_BEGIN:
        raise EmbeddedPostgresError(
            f"The disk of {path} has {available // MEGABYTE} MB left; a new database needs "
            f"{ROOM_TO_BEGIN // MEGABYTE} MB. Make room, or set GOATEDVIPS_HOME to a larger disk."
        )


def free_space(path: Path) -> int:
    """Count the bytes an ordinary user may still write."""
    return shutil.disk_usage(path).free


def write(path: Path, text: str) -> None:
    """Write a private file whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # Path cannot open a descriptor
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _require_ours(path: Path) -> None:
    seen = path.stat()
    if not stat.S_ISDIR(seen.st_mode):
        raise EmbeddedPostgresError(f"{path} is not a folder. Set GOATEDVIPS_HOME to a folder of yours.")
    if seen.st_uid != os.geteuid():
        raise EmbeddedPostgresError(
            f"{path} belongs to {_name(seen.st_uid)}, and this is {_name(os.geteuid())}: run as "
            f"{_name(seen.st_uid)}, or set GOATEDVIPS_HOME to a folder of yours."
        )
    if seen.st_mode & stat.S_IWOTH:
        raise EmbeddedPostgresError(
            f"Everybody may write to {path}, so anybody could replace the database: run `chmod o-w {path}`."
        )
    if not os.access(path, os.W_OK | os.X_OK):
        raise EmbeddedPostgresError(
            f"{path} cannot be written to: run `chmod u+rwx {path}`, or mount it for writing."
        )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
