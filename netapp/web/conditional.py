"""Answers that a visitor may have already: validators, compression, 304. RFC 9110 section 13."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from io import BytesIO

from flask import Response, request
from werkzeug.http import http_date, parse_accept_header, parse_etags
from werkzeug.wsgi import wrap_file

LARGE = 64 * 1024  # Bytes from which copying takes longer than the detour.
Headers = Iterable[tuple[str, str]]


def answer(
    body: bytes,
    *,
    packed: bytes | None,
    etag: str,
    last_modified: datetime,
    now: datetime,
    content_type: str,
    headers: Headers,
) -> Response:
    """200 with the body, compressed where the visitor asks for that, or 304 without one.

    ``etag`` is weak and quoted, ``last_modified`` UTC in whole seconds, rounded up: shown as now
    while it is still to come, so that nobody is told 304 for a change in the same second.
    """
    common = [("ETag", etag), ("Vary", "Accept-Encoding"), *headers]
    if has_it_already(etag, last_modified):
        response = Response(status=304)  # Werkzeug takes the headers of a body from it.
        response.headers.extend(common)
        return response
    common.append(("Last-Modified", _http_date(min(last_modified, now.replace(microsecond=0)))))
    if packed is not None and _names_gzip(request.headers.get("Accept-Encoding", "")):
        body = packed
        common.append(("Content-Encoding", "gzip"))
    response = _with_body(body, content_type)
    response.headers.extend(common)
    return response


def _with_body(body: bytes, content_type: str) -> Response:
    """A large body is handed over as a file: the server then sends our bytes, not copies."""
    if len(body) < LARGE:
        return Response(body, content_type=content_type)
    file = wrap_file(request.environ, BytesIO(body), buffer_size=len(body))
    response = Response(file, content_type=content_type, direct_passthrough=True)
    response.content_length = len(body)
    return response


def has_it_already(etag: str, last_modified: datetime) -> bool:
    """If-None-Match decides where it is sent, else If-Modified-Since (RFC 9110 section 13.2.2)."""
    sent = request.headers.get("If-None-Match")
    if sent is not None:
        if sent == etag:
            return True
        return parse_etags(sent).contains_weak(etag.removeprefix("W/").strip('"'))
    since = request.if_modified_since
    return since is not None and last_modified <= since


_http_date = lru_cache(maxsize=256)(http_date)


@lru_cache(maxsize=256)
def _names_gzip(accepted: str) -> bool:
    """Named, not only allowed by ``*``: who cannot read it does not always say so."""
    found = parse_accept_header(accepted)
    return any(name.lower() == "gzip" and quality > 0 for name, quality in found)
