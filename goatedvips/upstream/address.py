"""Where the report is fetched from, and where a redirect may lead."""

from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from goatedvips.upstream.errors import FeedRedirected

_PATH = "/affiliate/referral-leaderboard"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def report_url(base: str, referral_code: str) -> str:
    """Return the address of the report; a base that already names it, code or no code, is taken as it is.

    Raises `ValueError` for a base that is not an absolute http(s) URL, or that holds credentials.
    """
    parts = urlsplit(base.strip())
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise ValueError("The address of the feed must begin with http:// or https:// and name a host.")
    if parts.username is not None or parts.password is not None:
        raise ValueError("The address of the feed must not hold a user or password; set the token instead.")
    code = quote(referral_code, safe="")
    path = parts.path.rstrip("/")
    if not path.endswith(f"{_PATH}/{code}"):
        path = f"{path.removesuffix(_PATH)}{_PATH}/{code}"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def redirect_target(url: str, location: str) -> str:
    """Follow a redirect on the same host; raise `FeedRedirected` where the token must not go.

    The same host, scheme and port are fine, and so is the step from http to
    https on their usual ports. Another port is another service.
    """
    try:
        target = urljoin(url, location)
        here, there = _origin(url), _origin(target)
    except ValueError:
        raise FeedRedirected("The feed redirected to something that is not an address.") from None
    upgrade = (here[0], here[2], there[0], there[2]) == ("http", 80, "https", 443)
    if here[1] != there[1] or (here != there and not upgrade):
        raise FeedRedirected(
            f"The feed redirected from {_shown(here)} to {_shown(there)}, which is not followed; "
            "if it has moved, set its new address."
        )
    return target


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS.get(parts.scheme)


def _shown(origin: tuple[str, str, int | None]) -> str:
    scheme, host, port = origin
    return f"{scheme}://{host[:100]}" + ("" if port in (None, _DEFAULT_PORTS.get(scheme)) else f":{port}")
