"""The operator's folder, and what ships beneath it."""

import os
from pathlib import Path

import pytest

from goatedvips.pages.folder import BrokenFile, Folder, HelpLine, PageName


@pytest.mark.parametrize("name", PageName)
def test_every_page_ships_with_a_title_of_its_own(name: PageName) -> None:
    page = Folder(None).page(name, "en")

    assert page.title != name
    assert page.language == "en"
    assert "<h1" not in page.html


@pytest.mark.parametrize("name", [PageName.HOW_IT_WORKS, PageName.RULES, PageName.HELP])
def test_what_is_no_law_ships_in_german_with_the_same_parts(name: PageName) -> None:
    german, english = (Folder(None).page(name, language) for language in ("de", "en"))

    assert german.language == "de"
    assert german.html.count("<h2") == english.html.count("<h2")
    assert german.html.count("<li>") == english.html.count("<li>")


def test_help_lines_ship_with_one_for_everybody() -> None:
    lines = Folder(None).help_lines()

    assert any(line.country == "" for line in lines)
    assert len({line.country for line in lines}) > 10


def test_what_the_operator_wrote_goes_before_what_ships_in_any_language(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    (tmp_path / "terms.md").write_text("# Ours", "utf-8")
    (tmp_path / "rules.de.md").write_text("# Unsere Regeln", "utf-8")

    assert folder.page(PageName.TERMS, "de").title == "Ours"
    assert folder.page(PageName.TERMS, "de").language == "en"
    assert folder.page(PageName.RULES, "de").title == "Unsere Regeln"
    assert folder.page(PageName.RULES, "de").language == "de"
    assert folder.page(PageName.RULES, "fr").title == Folder(None).page(PageName.RULES, "en").title


def test_an_edit_shows_at_once(tmp_path: Path) -> None:
    folder, path = Folder(tmp_path), tmp_path / "terms.md"
    path.write_text("# One", "utf-8")
    before = folder.page(PageName.TERMS, "en").title

    path.write_text("# Two", "utf-8")
    os.utime(path, ns=(1, 1))

    assert (before, folder.page(PageName.TERMS, "en").title) == ("One", "Two")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[[line]", "not TOML"),
        ("", "line"),
        ('[[line]]\nname = "x"\ncountry = "Germany"', "country"),
        ('[[line]]\nname = "x"\nurl = "javascript:alert(1)"', "url"),
        ('[[line]]\nname = "x"\nfax = "1"', "fax"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "help-lines.toml").write_text(text, "utf-8")

    with pytest.raises(BrokenFile, match=why):
        Folder(tmp_path).help_lines()


def test_a_line_needs_no_more_than_a_name(tmp_path: Path) -> None:
    (tmp_path / "help-lines.toml").write_text('[[line]]\nname = "Us"', "utf-8")

    assert Folder(tmp_path).help_lines() == (HelpLine(name="Us"),)


def test_what_is_wrong_with_a_folder_is_told_in_sentences(tmp_path: Path) -> None:
    (tmp_path / "terms.md").write_bytes(b"\xff\xfe")
    (tmp_path / "rules.md").write_bytes(b"x" * 300_000)
    (tmp_path / "help-lines.toml").write_text("=", "utf-8")

    told = Folder(tmp_path).complaints()

    assert len(told) == 3
    assert "help-lines.toml cannot be read" in told[0]
    assert "rules.md cannot be read: it has more than 262,144 bytes" in told[1]
    assert "terms.md cannot be read: it is not text in UTF-8" in told[2]
    assert Folder(tmp_path / "nowhere").complaints() == [f"{tmp_path / 'nowhere'} is no folder"]
    assert Folder(None).complaints() == []
