"""The operator's files: pages in Markdown, and where there is help. What he has not written ships with us."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, TypeVar, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from goatedvips.kit.errors import NotReady
from goatedvips.pages.rendering import Rendered, render

DEFAULTS = Path(__file__).parent / "defaults"
HELP_LINES = "help-lines.toml"
LANGUAGE = "en"
"""Of a file whose name tells none; `terms.de.md` is German."""
_LARGEST = 256 * 1024
"""Bytes: a book's chapter."""

Read = TypeVar("Read")


class PageName(StrEnum):
    """The pages that the site links to."""

    HOW_IT_WORKS = "how-it-works"
    RULES = "rules"
    HELP = "help"
    TERMS = "terms"
    PRIVACY = "privacy"


class HelpLine(BaseModel):
    """Where somebody in a country finds help, by phone, on a page, or both."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    country: Annotated[str, Field(pattern=r"^([A-Z]{2})?$")] = ""
    """Two letters (ISO 3166); none is for everybody."""
    name: Annotated[str, Field(min_length=1, max_length=120)]
    phone: Annotated[str | None, Field(min_length=3, max_length=40)] = None
    url: Annotated[str | None, Field(pattern=r"^https?://", max_length=300)] = None


class _HelpLines(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    line: Annotated[tuple[HelpLine, ...], Field(min_length=1)]


class BrokenFile(NotReady):
    """A file of the operator's cannot be read."""

    code = "page_broken"

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path.name} cannot be read: {why}.")


@dataclass(frozen=True, slots=True)
class Page(Rendered):
    """A page and the language that it is in."""

    language: str


@dataclass(slots=True)
class Folder:
    """Reads the files, each again only when it has changed: an edit shows without a restart."""

    own: Path | None
    _held: dict[Path, tuple[tuple[int, int], object]] = field(default_factory=dict)

    def page(self, name: PageName, language: str) -> Page:
        """Return a page, in this language if there is one; raise `BrokenFile`.

        What the operator wrote goes before what ships, in whatever language he wrote it.
        """
        for folder in self._folders():
            for spoken, file in ((language, f"{name}.{language}.md"), (LANGUAGE, f"{name}.md")):
                path = folder / file
                if path.is_file():
                    rendered = self._read(path, lambda text: render(text, untitled=name))
                    return Page(rendered.title, rendered.html, spoken)
        raise BrokenFile(DEFAULTS / f"{name}.md", "it is missing")

    def help_lines(self) -> tuple[HelpLine, ...]:
        """Return where people find help; raise `BrokenFile`."""
        path = next(path for folder in self._folders() if (path := folder / HELP_LINES).is_file())
        return self._read(path, lambda text: _help_lines(path, text))

    def complaints(self) -> list[str]:
        """Return what is wrong with the operator's files, as sentences."""
        if self.own is None:
            return []
        if not self.own.is_dir():
            return [f"{self.own} is no folder"]
        found: list[str] = []
        reads: list[Callable[[], object]] = [
            self.help_lines,
            *(partial(self.page, name, LANGUAGE) for name in PageName),
        ]
        for read in reads:
            try:
                read()
            except BrokenFile as broken:
                found.append(broken.detail.rstrip("."))
        return found

    def _folders(self) -> list[Path]:
        return [DEFAULTS] if self.own is None else [self.own, DEFAULTS]

    def _read(self, path: Path, understand: Callable[[str], Read]) -> Read:
        try:
            stat = path.stat()
            version, held = (stat.st_mtime_ns, stat.st_size), self._held.get(path)
            if held is None or held[0] != version:
                if stat.st_size > _LARGEST:
                    raise BrokenFile(path, f"it has more than {_LARGEST:,} bytes")
                held = self._held[path] = version, understand(path.read_text("utf-8"))
        except OSError as error:
            raise BrokenFile(path, str(error.strerror)) from None
        except UnicodeDecodeError:
            raise BrokenFile(path, "it is not text in UTF-8") from None
        return cast("Read", held[1])


def _help_lines(path: Path, text: str) -> tuple[HelpLine, ...]:
    try:
        return _HelpLines.model_validate(tomllib.loads(text)).line
    except tomllib.TOMLDecodeError as error:
        raise BrokenFile(path, f"it is not TOML ({error})") from None
    except ValidationError as error:
        wrong = error.errors()[0]
        at = ".".join(map(str, wrong["loc"]))
        raise BrokenFile(path, f"{at}: {wrong['msg']}") from None
