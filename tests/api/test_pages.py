"""What the operator writes, over HTTP."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.api.conftest import Site


def test_every_page_tells_the_age_the_advertising_and_where_there_is_help(shared: "Site") -> None:
    notices = shared.json("/api/site")

    assert notices["minimumAge"] == 18
    assert notices["adLabel"] is None
    assert {line["country"] for line in notices["helpLines"]} >= {None, "DE", "GB", "US"}


@pytest.mark.parametrize("name", ["how-it-works", "rules", "help", "terms", "privacy"])
def test_a_page_has_a_title_and_html(shared: "Site", name: str) -> None:
    page = shared.json(f"/api/pages/{name}?lang=de")

    assert page["name"] == name
    assert page["title"]
    assert page["html"].startswith("<")
    assert shared.get(f"/api/pages/{name}").headers["etag"]


@pytest.mark.parametrize("name", ["nothing", "..%2F..%2Fsettings", "terms.md", "TERMS"])
def test_no_other_file_is_served(shared: "Site", name: str) -> None:
    assert shared.get(f"/api/pages/{name}").status_code == 404


def test_a_language_is_two_letters(shared: "Site") -> None:
    assert shared.get("/api/pages/terms?lang=../x").status_code == 422
