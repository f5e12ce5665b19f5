"""Answers that a visitor may have already: validators, compression, 304. RFC 9110 section 13."""

from collections.abc import Iterable
from datetime import datetime

from flask import Response, request
from werkzeug.http import http_date, parse_etags

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
    common.append(("Last-Modified", http_date(min(last_modified, now.replace(microsecond=0)))))
    if packed is not None and _asks_for_gzip():
        body = packed
        common.append(("Content-Encoding", "gzip"))
    response = Response(body, content_type=content_type)
    response.headers.extend(common)
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


def _asks_for_gzip() -> bool:
    """Named, not only allowed by ``*``: who cannot read it does not always say so."""
    return any(name.lower() == "gzip" and quality > 0 for name, quality in request.accept_encodings)
