"""What leaves the site: frames, overlays, and what search engines read."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.api.browser import Browser, browsing, fresh_name
from tests.people import add_person

if TYPE_CHECKING:
    from tests.api.conftest import Site


def race_id(site: "Site") -> int:
    found: int = site.json("/api/wager-races/current")["id"]
    return found


def test_a_race_is_framed_by_its_address(shared: "Site") -> None:
    page = f"{shared.settings.site_url}/races/{race_id(shared)}"

    said = shared.json(f"/api/oembed?url={page}&maxwidth=300&dnt=1")

    assert said["version"] == "1.0"
    assert said["type"] == "rich"
    assert said["width"] == 300
    assert f'src="{shared.settings.site_url}/embed/race/{race_id(shared)}"' in said["html"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("url=https://other.example/races/1", 404),
        ("", 422),
        ("url=x&format=xml", 422),
        ("url=x&maxwidth=1", 422),
    ],
)
def test_nothing_else_is_framed(shared: "Site", query: str, status: int) -> None:
    assert shared.get(f"/api/oembed?{query}").status_code == status


def test_a_race_that_is_not_there_is_not_framed(shared: "Site") -> None:
    assert shared.get(f"/api/oembed?url={shared.settings.site_url}/races/999999").status_code == 404


@pytest.mark.parametrize("path", ["/embed/race/1", "/embed/leaderboard", "/overlay/race/1?token=x"])
def test_frames_and_overlays_may_stand_on_other_sites(shared: "Site", path: str) -> None:
    headers = shared.get(path).headers

    assert "frame-ancestors *" in headers["content-security-policy"]
    assert "x-frame-options" not in headers
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize("path", ["/", "/races/1", "/embed", "/overlay", "/embedded/x", "/api/site"])
def test_no_other_page_may(shared: "Site", path: str) -> None:
    headers = shared.get(path).headers

    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


def test_pages_that_can_be_framed_say_so(shared: "Site") -> None:
    assert "application/json+oembed" in shared.get("/races/1").headers["link"]
    assert "link" not in shared.get("/races").headers


def test_search_engines_are_told_what_is_there(shared: "Site") -> None:
    robots = shared.get("/robots.txt").text
    sitemap = shared.get("/sitemap.xml")

    assert f"Sitemap: {shared.settings.site_url}/sitemap.xml" in robots
    assert "Disallow: /overlay/" in robots
    assert f"<loc>{shared.settings.site_url}/races/{race_id(shared)}</loc>" in sitemap.text
    assert sitemap.headers["content-type"].startswith("application/xml")


def overlay_key(browser: Browser) -> dict[str, Any]:
    made = browser.ask("POST", "/api/users/me/api-keys", {"name": "Stream", "scopes": ["overlay:read"]})
    assert made.status_code == 201, made.text
    key: dict[str, Any] = made.json()
    return key


def test_the_key_of_an_overlay_shows_the_race_and_opens_nothing_else(shared: "Site") -> None:
    with browsing(shared) as browser:
        browser.sign_in(add_person(shared.dsn, fresh_name("streamer")).username)
        key = overlay_key(browser)
        bearer = {"Authorization": f"Bearer {key['key']}"}
        own = f"/api/overlay/races/{race_id(shared)}"

        assert shared.get(own, bearer).json()["standing"] is None
        assert shared.get("/api/auth/me", bearer).status_code == 403
        assert shared.get("/api/users/me", bearer).status_code == 401
        assert shared.get("/api/users/me/api-keys", bearer).status_code == 401

        browser.ask("DELETE", f"/api/users/me/api-keys/{key['id']}")
        assert shared.get(own, bearer).status_code == 401


def test_an_overlay_without_a_key_is_nobodys(shared: "Site") -> None:
    assert shared.get(f"/api/overlay/races/{race_id(shared)}").status_code == 401
