"""Markdown that an operator writes, as the HTML that readers get."""

import pytest

from goatedvips.pages.rendering import Rendered, render


def test_the_first_heading_is_the_title_and_not_in_the_text() -> None:
    assert render("# Our *terms*\n\nBe fair.", untitled="terms") == Rendered(
        "Our *terms*", "<p>Be fair.</p>\n"
    )


@pytest.mark.parametrize("text", ["", "Be fair.", "## Second first\n\n# First second"])
def test_a_page_that_does_not_begin_with_a_heading_is_called_by_its_name(text: str) -> None:
    assert render(text, untitled="terms").title == "terms"


def test_headings_can_be_linked_to() -> None:
    page = render("## Who wins?\n\n## Who wins?\n\n## Préis & 1,000 $\n\n## !!!", untitled="x")

    assert page.html.count('id="who-wins"') == 1
    assert '<h2 id="préis-1-000">' in page.html
    assert "<h2>!!!</h2>" in page.html


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        'text <img src=x onerror="alert(1)"> text',
        "[click](javascript:alert(1))",
        "![x](data:text/html;base64,PHNjcmlwdD4=)",
        "<javascript:alert(1)>",
        "[x](<  javascript:alert(1)>)",
    ],
)
def test_nothing_that_runs_gets_through(hostile: str) -> None:
    html = render(hostile, untitled="x").html

    assert "<script" not in html
    assert "<img" not in html
    assert "href=" not in html


def test_tables_are_tables() -> None:
    assert "<td>2</td>" in render("| a | b |\n|---|---|\n| 1 | 2 |", untitled="x").html
