import gzip

import pytest
from pydantic import BaseModel
from starlette.requests import Request

from goatedvips.kit.etag import Ready, answer, ready

HELD = Ready(b"{}", '"v1"', {"Link": "<x>"})


def asking(**headers: str) -> Request:
    raw = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return Request({"type": "http", "method": "GET", "headers": raw})


@pytest.mark.parametrize("held", ['"v1"', 'W/"v1"', '"v0", "v1"', '"v0",W/"v1"', "*", ' "v1" '])
def test_who_holds_the_version_gets_no_body(held: str) -> None:
    given = answer(asking(if_none_match=held), HELD)

    assert given.status_code == 304
    assert given.body == b""
    assert given.headers["etag"] == '"v1"'
    assert given.headers["link"] == "<x>"
    assert given.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("held", ['"v2"', "", "v1", '"V1"', '"v1'])
def test_who_holds_another_version_gets_the_body(held: str) -> None:
    given = answer(asking(if_none_match=held), HELD)

    assert given.status_code == 200
    assert given.body == b"{}"


def test_who_holds_nothing_gets_the_body_in_its_type() -> None:
    given = answer(asking(), HELD, media_type="text/csv")

    assert given.body == b"{}"
    assert given.headers["content-type"] == "text/csv; charset=utf-8"


def test_a_weak_tag_of_ours_matches_too() -> None:
    assert answer(asking(if_none_match='"v1"'), Ready(b"", 'W/"v1"')).status_code == 304


def test_the_tag_of_an_answer_made_for_one_request_is_of_its_bytes() -> None:
    class Thing(BaseModel):
        size: int

    assert ready(Thing(size=1)).etag == ready(Thing(size=1)).etag
    assert ready(Thing(size=1)).etag != ready(Thing(size=2)).etag
    assert ready(Thing(size=1), headers={"Link": "x"}) == Ready(
        b'{"size":1}', ready(Thing(size=1)).etag, {"Link": "x"}
    )


LONG = Ready(b"a page of a hundred places " * 100, '"v1"')


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "GZIP , deflate", "deflate;q=0, gzip; q=1.0"])
def test_who_takes_gzip_gets_the_same_in_fewer_bytes(accepted: str) -> None:
    given = answer(asking(accept_encoding=accepted), LONG)

    assert gzip.decompress(bytes(given.body)) == LONG.body
    assert len(given.body) < len(LONG.body) / 10
    assert given.headers["content-encoding"] == "gzip"
    assert given.headers["vary"] == "Accept-Encoding"
    assert answer(asking(if_none_match=given.headers["etag"]), LONG).status_code == 304


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "x-gzip", "gzip;q=0.0, br", "identity"])
def test_who_does_not_gets_it_as_it_is(accepted: str) -> None:
    given = answer(asking(accept_encoding=accepted), LONG)

    assert given.body == LONG.body
    assert given.headers["etag"] == '"v1"'
    assert "content-encoding" not in given.headers


def test_it_is_compressed_once_and_only_where_that_pays() -> None:
    assert LONG.gzipped() is LONG.gzipped()
    assert answer(asking(accept_encoding="gzip"), HELD).body == b"{}"
