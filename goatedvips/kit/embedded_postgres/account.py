"""Who the server runs as: PostgreSQL refuses to run as root, on purpose."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class Account:
    """A way to start programs: as we are, inside a user namespace, or as another user.

    `prefix` stands before each command; `uid` and `gid`, when set, are dropped to.
    """

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    @property
    def owner(self) -> tuple[int, int]:
        """Who must own the server's files on disk; a namespace writes them as ourselves."""
        if self.uid is None or self.gid is None:
            return os.geteuid(), os.getegid()
        return self.uid, self.gid

    def run(
        self, command: Sequence[str | Path], *, keep_open: Sequence[int] = ()
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end and return what it said, its complaints included."""
        try:
            return subprocess.run(  # noqa: S603  # our own commands, no shell
                [*self.prefix, *map(str, command)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                check=False,
                cwd="/",
                env=environment(),
                pass_fds=keep_open,
                user=self.uid,
                group=self.gid,
                extra_groups=None if self.uid is None else [],
            )
        except OSError as cannot:
            return subprocess.CompletedProcess(list(map(str, command)), 127, str(cannot))

    def start(
        self, command: Sequence[str | Path], *, log: IO[bytes], keep_open: int
    ) -> subprocess.Popen[bytes]:
        """Start the server as our own child, handing it the descriptor `keep_open`."""
        return subprocess.Popen(  # noqa: S603  # our own command, no shell
            [*self.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment(),
            pass_fds=(keep_open,),
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            # A session of its own: Ctrl-C in the terminal reaches us only, and we stop the server
            # after the last query of ours instead of under it.
            start_new_session=True,
        )

    def can_enter(self, folder: Path) -> bool:
        """Tell whether the server could reach this folder."""
        return self.run(["/bin/sh", "-c", 'cd "$0"', folder]).returncode == 0


def environment() -> dict[str, str]:
    """Return what the server may know: none of our secrets, no PG* variables, English messages."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def server_account() -> Account:
    """Choose how to run the server from who we are."""
    root = os.geteuid() == 0
    if not root and _has_name(os.geteuid()):
        return Account()
    nobody = pwd.getpwnam("nobody")
    unshare = shutil.which("unshare")
    if unshare is not None:
        # Inside the namespace we are called nobody and have no power; on disk the files stay ours.
        # This also gives a name to an account without one, which initdb asks for.
        names = (f"--map-user={nobody.pw_uid}", f"--map-group={nobody.pw_gid}")
        mapped = Account(prefix=(unshare, "--user", *names, "--"))
        if mapped.run(["true"]).returncode == 0:
            return mapped
    return Account(uid=nobody.pw_uid, gid=nobody.pw_gid) if root else Account()


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
