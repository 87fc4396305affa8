"""A cluster on disk: made whole or not at all, and its settings."""

import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from goatedvips.kit.embedded_postgres.account import Account
from goatedvips.kit.embedded_postgres.errors import EmbeddedPostgresError
from goatedvips.kit.embedded_postgres.folder import SUPERUSER, Folder, write
from goatedvips.kit.embedded_postgres.programs import Programs

# The first version whose C.UTF-8 is its own and not the operating system's.
BUILTIN_LOCALES = 17
OURS = "goatedvips.conf"
INCLUDE = f"""
# Chosen by GoatedVIPs and written anew at each start. What you set below this line wins.
include = '{OURS}'

"""
SETTINGS = """\
# Written by GoatedVIPs at each start; your own settings belong at the end of postgresql.conf.

# The tables of a million players with their indexes. Memory is only taken as pages are used,
# so a small machine with few players does not pay for it.
shared_buffers = 512MB
effective_cache_size = 2GB

# Room for a million rows to be sorted and indexed without going to disk; queries run few at a time
# on two cores, so a hundred connections never all ask for it.
work_mem = 16MB
# Parallel queries share memory from here before they ask /dev/shm, which has 64 MB in a container.
min_dynamic_shared_memory = 128MB
maintenance_work_mem = 256MB
max_connections = 100

# COPY of a million rows writes some 200 MB of WAL: no checkpoint should be forced in the middle.
max_wal_size = 2GB
min_wal_size = 128MB
checkpoint_completion_target = 0.9

# What was committed is on disk, whatever is killed or unplugged.
fsync = on
synchronous_commit = on
full_page_writes = on

# Every query of ours is short: compiling one costs more than running it.
jit = off
# A read at random costs about as much as one in order on anything but a turning disk.
random_page_cost = 1.1

password_encryption = 'scram-sha-256'
lc_messages = 'C'
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
"""


def prepare(
    folder: Folder, account: Account, programs: Programs, *, held: int, on_progress: Callable[[str], None]
) -> None:
    """Have a cluster with the current settings, owned by the account; `held` is the server's lock."""
    for left in folder.path.glob("initdb-*"):
        shutil.rmtree(left)
    if not folder.data.exists():
        on_progress("Creating the database (once, a few seconds)")
        _initdb(folder, account, programs, held=held)
    settings = folder.data / OURS
    if not settings.exists() or settings.read_text(encoding="utf-8") != SETTINGS:
        write(settings, SETTINGS)
    give(folder.data, account)


def major_of(folder: Folder) -> int | None:
    """Return the version that wrote the cluster, or None when there is no cluster yet."""
    if not folder.data.exists():
        return None
    try:
        return int((folder.data / "PG_VERSION").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError) as broken:
        raise EmbeddedPostgresError(
            f"{folder.data} is not a PostgreSQL cluster: move it away, or restore it from a backup."
        ) from broken


def give(path: Path, account: Account) -> None:
    """Make the account own a tree; root may run the server in two ways, with different owners."""
    owner = account.owner
    if os.geteuid() != 0 or path.stat().st_uid == owner[0] == (path / OURS).stat().st_uid:
        return
    for place, folders, files in os.walk(path):
        for name in (*folders, *files):
            os.chown(Path(place) / name, *owner, follow_symlinks=False)
    os.chown(path, *owner)  # last: a walk that was cut short is walked again


def _initdb(folder: Folder, account: Account, programs: Programs, *, held: int) -> None:
    # initdb works beside the place and the result is moved there, so that a cluster that exists is whole.
    # It holds the server's lock: should we be killed, the next to come waits until it is gone.
    work = Path(tempfile.mkdtemp(prefix="initdb-", dir=folder.path))
    try:
        fresh, password = work / "data", work / "password"
        password.write_text(folder.password(SUPERUSER), encoding="utf-8")
        password.chmod(stat.S_IRUSR)
        if os.geteuid() == 0:
            os.chown(work, *account.owner)
            os.chown(password, *account.owner)
        said = account.run(
            [
                programs.bin / "initdb",
                f"--pgdata={fresh}",
                f"--username={SUPERUSER}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--data-checksums",
                *_locale(programs),
            ],
            keep_open=[held],
        )
        if said.returncode != 0:
            raise EmbeddedPostgresError(f"The database could not be created:\n{last_lines(said.stdout)}")
        with (fresh / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(INCLUDE)
        fresh.rename(folder.data)
        _settle(folder.path)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _locale(programs: Programs) -> list[str]:
    if programs.major >= BUILTIN_LOCALES:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C.UTF-8"]


def _settle(path: Path) -> None:
    """Have a rename survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def last_lines(text: str, *, count: int = 8) -> str:
    """Return the end of what a program said, which is where it says why."""
    return "\n".join(text.strip().splitlines()[-count:])
