"""Which pages can be framed elsewhere, and how."""

import pytest

from goatedvips.sharing.embeds import Embed, discovery, embed_of, frame

SITE = "https://vips.example"


@pytest.mark.parametrize(
    ("address", "embed"),
    [
        ("/races/7", Embed("/embed/race/7", 7)),
        ("/races/7/?page=2#top", Embed("/embed/race/7", 7)),
        ("/embed/race/7", Embed("/embed/race/7", 7)),
        ("/leaderboard", Embed("/embed/leaderboard?period=all_time")),
        ("/leaderboard?period=today&page=3", Embed("/embed/leaderboard?period=today")),
        ("/leaderboard?period=%22%3E", None),
        ("/races/0", None),
        ("/races/7x", None),
        ("/admin", None),
    ],
)
def test_pages_of_races_and_boards_can_be_framed(address: str, embed: Embed | None) -> None:
    assert embed_of(SITE + address, SITE) == embed


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/races/7",
        "https://vips.example.evil.example/races/7",
        "https://vips.example@evil.example/races/7",
        "javascript://vips.example/races/7",
        "https://[::1/races/7",
        "/races/7",
        "",
    ],
)
def test_other_sites_pages_are_not_framed(url: str) -> None:
    assert embed_of(url, SITE) is None


def test_a_title_cannot_break_out_of_its_frame() -> None:
    html = frame(
        Embed("/embed/race/7", 7), site_url=SITE, title='"><script>alert(1)</script>', width=1, height=2
    )

    assert "<script>" not in html
    assert html.startswith('<iframe src="https://vips.example/embed/race/7" title="&quot;&gt;')


def test_other_sites_find_the_frame_by_a_header() -> None:
    assert discovery("/races/7", "page=2", SITE) == (
        "<https://vips.example/api/oembed?url=https%3A%2F%2Fvips.example%2Fraces%2F7%3Fpage%3D2>;"
        ' rel="alternate"; type="application/json+oembed"'
    )
    assert discovery("/tiers", "", SITE) is None
