"""Open data for other people's pages and programs."""

import json
from collections.abc import Hashable
from datetime import datetime

from flask import Blueprint, Response, jsonify, request

from netapp.events.queries.open_data import When, open_data
from netapp.extensions import db
from netapp.feeds.kept import KeptDocument, Version, whole_second
from netapp.feeds.queries.tokens import public_version
from netapp.kernel import clock
from netapp.kernel.ical.documents import weak_etag
from netapp.kernel.kept import Kept
from netapp.web.conditional import answer
from netapp.web.policy import everyone, policy

bp = Blueprint("api", __name__, url_prefix="/api/v1")

MOST_PAGES = 10_000
_kept: Kept[Hashable, KeptDocument] = Kept(50)
_HEADERS = (
    ("Cache-Control", "public, max-age=300"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Last-Modified"),
)


@bp.get("/events.json")
@policy(everyone)
def events() -> Response:
    now = clock.utcnow()
    try:
        when = When(request.args.get("when", When.COMING))
    except ValueError:
        return _wrong("when must be one of: coming, past, all")
    page = _whole_number(request.args.get("page", "1"))
    if page is None:
        return _wrong(f"page must be a whole number from 1 to {MOST_PAGES}")
    document = _document(when, page, now)
    return answer(
        document.body,
        packed=None,
        etag=document.etag,
        last_modified=document.last_modified,
        now=now,
        content_type="application/json",
        headers=_HEADERS,
    )


def _document(when: When, page: int, now: datetime) -> KeptDocument:
    version = public_version(db.session())  # Before the data, as in the feeds.
    document = _kept.find((when, page), now)
    if document is None or document.version != version:
        document = _made(when, page, version, now)
        _kept.keep((when, page), document, now=now, until=document.changes_at)
    return document


def _made(when: When, page: int, version: Version, now: datetime) -> KeptDocument:
    data, changes_at = open_data(db.session(), when=when, page=page, now=now)
    body = json.dumps(data, indent=1).encode() + b"\n"  # ASCII: no text can break it.
    # A date that ends by itself raises no counter: what was made now was changed now, at most.
    return KeptDocument(body, None, weak_etag(body), whole_second(now), version, changes_at)


def _whole_number(text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        return None
    return int(text) if 1 <= int(text) <= MOST_PAGES else None


def _wrong(words: str) -> Response:
    response = jsonify(error=words)
    response.status_code = 400
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
