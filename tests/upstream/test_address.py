import pytest

from goatedvips.upstream.address import redirect_target, report_url
from goatedvips.upstream.errors import FeedRedirected

REPORT = "https://apis.feed.test/user/affiliate/referral-leaderboard/CODE"


@pytest.mark.parametrize(
    "base",
    [
        "https://apis.feed.test/user",
        "https://apis.feed.test/user/",
        " https://apis.feed.test/user\n",
        "https://apis.feed.test/user/affiliate/referral-leaderboard",
        "https://apis.feed.test/user/affiliate/referral-leaderboard/",
        REPORT,
    ],
)
def test_the_path_is_added_unless_it_is_there(base: str) -> None:
    assert report_url(base, "CODE") == REPORT


def test_a_code_is_one_segment_whatever_it_holds_and_a_query_stays() -> None:
    url = report_url("https://feed.test?v=2", "a/../b?c#d é")

    assert url == "https://feed.test/affiliate/referral-leaderboard/a%2F..%2Fb%3Fc%23d%20%C3%A9?v=2"


@pytest.mark.parametrize(
    "base", ["", "feed.test", "ftp://feed.test", "https://", "https://me:secret@feed.test"]
)
def test_what_is_no_address_is_refused_unquoted(base: str) -> None:
    with pytest.raises(ValueError, match="address of the feed") as refused:
        report_url(base, "CODE")

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "location", "target"),
    [
        (REPORT, "/v2", "https://apis.feed.test/v2"),
        (REPORT, "?page=1", f"{REPORT}?page=1"),
        (REPORT, "https://apis.feed.test:443/v2", "https://apis.feed.test:443/v2"),
        ("http://feed.test/a", "https://feed.test/b", "https://feed.test/b"),
        (REPORT, "https://APIS.FEED.TEST/v2", "https://APIS.FEED.TEST/v2"),
    ],
)
def test_the_same_host_may_redirect(url: str, location: str, target: str) -> None:
    assert redirect_target(url, location) == target


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.test/",
        "//evil.test/",
        "https://apis.feed.test.evil.test/",
        "https://apis.feed.test@evil.test/",
        "http://apis.feed.test/user",
        "https://apis.feed.test:8443/user",
        "ftp://apis.feed.test/",
        "javascript:alert(1)",
        "https://[",
        "https://apis.feed.test:99999999/",
    ],
)
def test_nowhere_else_is_followed(location: str) -> None:
    with pytest.raises(FeedRedirected):
        redirect_target(REPORT, location)
