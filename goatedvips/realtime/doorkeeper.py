"""Who may connect at all, judged before a connection is accepted."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


def is_welcome(origin: str | None, host: str | None, allowed: frozenset[str]) -> bool:
    """Say whether a page of this origin may open a socket here.

    Browsers always name the origin and let no page forge it; a program names none.
    """
    if origin is None:
        return True
    if origin.rstrip("/").lower() in {entry.rstrip("/").lower() for entry in allowed}:
        return True
    try:
        page = urlsplit(origin)
        # The Host header has no scheme, so a default port can only be told by the page's.
        here = urlsplit(f"{page.scheme}://{host or ''}")
        default = _DEFAULT_PORTS[page.scheme]
        same = (page.hostname, page.port or default) == (here.hostname, here.port or default)
    except (ValueError, KeyError):
        return False
    return same and page.hostname is not None


def address_of(connection: HTTPConnection) -> str | None:
    """Return the address to count a client by, or None if it says nothing about who it is."""
    return None if connection.client is None else network_of(connection.client.host)


@lru_cache(maxsize=4096)
def network_of(host: str) -> str | None:
    """Return what to count a host by, or None if it says nothing about who it is.

    IPv6 customers get whole /64 networks. A loopback address is a proxy of ours or the machine's owner.
    """
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return None
    if isinstance(address, IPv6Address):
        return f"{address.exploded[:19]}::/64"
    return str(address)
