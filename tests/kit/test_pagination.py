import re
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from goatedvips.kit.pagination import PageQuery, Pagination, link_header

TOTALS, PAGES, LIMITS = st.integers(0, 60), st.integers(1, 12), st.integers(1, 20)


def linked(total: int, page: int, limit: int, **query: str) -> dict[str, dict[str, list[str]]]:
    header = link_header("/api/things", Pagination.of(total, page, limit), dict(query))
    found = re.findall(r'<([^>]+)>; rel="(\w+)"', header)
    assert all(urlsplit(url).path == "/api/things" for url, _ in found)
    return {name: parse_qs(urlsplit(url).query, strict_parsing=True) for url, name in found}


@given(TOTALS, LIMITS)
def test_the_pages_hold_every_row_once(total: int, limit: int) -> None:
    pages = Pagination.of(total, 1, limit).pages
    rows = [
        row
        for page in range(1, pages + 1)
        for row in range(total)[PageQuery(page=page, limit=limit).offset :][:limit]
    ]

    assert rows == list(range(total))
    assert not range(total)[PageQuery(page=pages + 1, limit=limit).offset :]


@given(TOTALS, PAGES, LIMITS)
def test_links_lead_only_to_pages_that_are_there(total: int, page: int, limit: int) -> None:
    links = {name: int(query["page"][0]) for name, query in linked(total, page, limit).items()}
    last = max(1, -(-total // limit))

    assert links["first"] == 1
    assert links["last"] == last
    assert all(1 <= target <= last for target in links.values())
    assert ("next" in links) == (page < last)
    assert ("prev" in links) == (1 < page <= last + 1)
    assert links.get("next", page + 1) == page + 1
    assert links.get("prev", page - 1) == page - 1


@given(st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable()))
def test_links_keep_what_was_asked_for(name: str) -> None:
    links = linked(100, 2, 10, q=name)

    assert {query["q"][0] for query in links.values()} == {name}
    assert {query["limit"][0] for query in links.values()} == {"10"}


@pytest.mark.parametrize("values", [{"page": 0}, {"page": 10**9 + 1}, {"limit": 0}, {"limit": 101}, {"x": 1}])
def test_a_page_that_cannot_be_is_refused(values: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        PageQuery.model_validate(values)
