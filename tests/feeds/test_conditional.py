import gzip

import pytest

from tests.factories import make_event
from tests.feeds.reading import changed

FEED = "/calendar/events.ics"


@pytest.fixture
def answer(client, session):
    make_event(session)
    changed(session)
    return client.get(FEED)


def test_the_etag_is_weak(answer):
    assert answer.headers["ETag"].startswith('W/"')


@pytest.mark.parametrize(
    "sent",
    [
        "{etag}",
        "{strong}",
        '"other", {etag}',
        'W/"other",{etag} , "more"',
        "*",
        "  {etag}  ",
    ],
)
def test_who_has_it_gets_304_and_no_body(client, answer, sent):
    etag = answer.headers["ETag"]
    value = sent.format(etag=etag, strong=etag.removeprefix("W/"))

    again = client.get(FEED, headers={"If-None-Match": value})

    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == etag
    assert again.headers["Cache-Control"] == "public, max-age=900"
    assert again.headers["Vary"] == "Accept-Encoding"
    assert "Content-Type" not in again.headers


@pytest.mark.parametrize("sent", ['"other"', 'W/"other"', "", "garbage", '"', ",,,"])
def test_who_has_another_gets_it_whole(client, answer, sent):
    again = client.get(FEED, headers={"If-None-Match": sent})

    assert (again.status_code, again.data) == (200, answer.data)


def test_the_time_decides_only_without_an_etag(client, answer):
    since = {"If-Modified-Since": answer.headers["Last-Modified"]}

    assert client.get(FEED, headers=since).status_code == 304
    assert client.get(FEED, headers=since | {"If-None-Match": '"other"'}).status_code == 200
    earlier = {"If-Modified-Since": "Mon, 11 Jan 2027 11:59:59 GMT"}
    assert client.get(FEED, headers=earlier).status_code == 200
    assert client.get(FEED, headers={"If-Modified-Since": "no time"}).status_code == 200
    etag = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(FEED, headers=earlier | etag).status_code == 304


def test_head_is_get_without_the_body(client, answer):
    head = client.head(FEED)

    assert (head.status_code, head.data) == (200, b"")
    for name in ("ETag", "Last-Modified", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.headers[name] == answer.headers[name]


@pytest.mark.parametrize(
    ("asked", "packed"),
    [
        ("gzip", True),
        ("gzip, deflate, br", True),
        ("deflate;q=1, GZIP;q=0.5", True),
        ("", False),
        ("identity", False),
        ("br", False),
        ("*", False),
        ("gzip;q=0", False),
    ],
)
def test_compressed_only_if_asked(client, answer, asked, packed):
    again = client.get(FEED, headers={"Accept-Encoding": asked})

    assert (again.headers.get("Content-Encoding") == "gzip") is packed
    assert (gzip.decompress(again.data) if packed else again.data) == answer.data
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert again.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "accept", ["text/calendar,text/plain;q=0.8,*/*;q=0.5", "application/calendar+json", "image/png"]
)
def test_any_accept_gets_it(client, answer, accept):
    assert client.get(FEED, headers={"Accept": accept}).data == answer.data


def test_the_same_bytes_each_time(client, session, answer):
    changed(session)  # Something that this feed does not show.

    assert client.get(FEED).data == answer.data
    assert client.get(FEED).headers["ETag"] == answer.headers["ETag"]
