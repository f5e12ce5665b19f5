"""The calendar files: feeds to subscribe to, entries to download.

What is kept is kept by the counters that each change raises in its own transaction, so an answer
costs one query by primary key and never shows what was. No cookie is read or set here.
"""

from collections.abc import Hashable
from datetime import datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request
from sqlalchemy import Executable
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from netapp.events.models import EventKind
from netapp.events.queries.calendar_dates import present_slug
from netapp.extensions import db
from netapp.feeds.kept import KeptDocument, Version
from netapp.feeds.operations import NOTE_EVERY, fetched, group_fetched
from netapp.feeds.queries import documents
from netapp.feeds.queries.documents import Make
from netapp.feeds.queries.tokens import find_group_feed, find_personal, public_version
from netapp.kernel import clock
from netapp.kernel.db import DatabaseBusy, unit_of_work
from netapp.kernel.errors import NotFound
from netapp.kernel.kept import Kept
from netapp.kernel.limits import Limit, count_and_check, is_within
from netapp.kernel.notes import note
from netapp.people.session import current_person
from netapp.web.conditional import answer
from netapp.web.policy import everyone, link_holder, policy

bp = Blueprint("feeds", __name__)

CALENDAR = "text/calendar; charset=utf-8"
MOST_KEPT = 200  # Feeds and entries; most are a few kilobytes, none more than one megabyte.
GUESSES = Limit("feed-guess", 20, timedelta(minutes=10))
"""Wrong addresses of personal calendars, for each network address."""

_kept: Kept[Hashable, KeptDocument] = Kept(MOST_KEPT)
_OPEN_DATA = (
    ("Cache-Control", "public, max-age=900"),
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "ETag, Last-Modified"),
)
_SECRET = frozenset({"feeds.personal", "feeds.group"})  # Their addresses are a secret.
_PERSONAL = (
    ("X-Robots-Tag", "noindex"),
    ("Referrer-Policy", "no-referrer"),
)


@bp.get("/calendar/events.ics")
@policy(everyone)
def network() -> Response:
    return _public("network", documents.network_feed(), "events.ics") or _nothing_here()


@bp.get("/calendar/<kind>.ics")
@policy(everyone)
def kind(kind: str) -> Response:
    try:
        known = EventKind(kind)
    except ValueError:
        return _nothing_here()
    name = f"{known.value}.ics"
    return _public(("kind", known), documents.kind_feed(known), name) or _nothing_here()


@bp.get("/calendar/terms/<slug>.ics")
@policy(everyone)
def term(slug: str) -> Response:
    return _public(("term", slug), documents.term_feed(slug), f"{slug}.ics") or _nothing_here()


@bp.get("/events/<slug>.ics")
@policy(everyone)
def event(slug: str) -> Response:
    found = _public(("event", slug), documents.event_feed(slug), f"{slug}.ics")
    return found or _moved(slug, ".ics")


@bp.get("/events/<slug>/sessions/<key>.ics")
@policy(everyone)
def entry(slug: str, key: str) -> Response:
    make = documents.entry(slug, key)
    found = _public(("entry", slug, key), make, f"{slug}-{key}.ics", save=True)
    return found or _of_group(slug, key) or _moved(slug, f"/sessions/{quote(key, safe='')}.ics")


def _of_group(slug: str, key: str) -> Response | None:
    """An entry of a group's event, for its people: the one address here that asks who is signed
    in, and only where there is nothing public. Kept nowhere."""
    now = clock.utcnow()
    make = documents.group_entry(slug, key, current_person())
    document = make(db.session(), public_version(db.session()), now)
    if document is None:
        return None
    headers = ("Cache-Control", "private, no-store"), _file_name(f"{slug}-{key}.ics", save=True)
    return _answer(document, now, (*_PERSONAL, *headers))


@bp.get("/calendar/my/<token>.ics")
@policy(link_holder)
def personal(token: str) -> Response:
    now = clock.utcnow()
    found = find_personal(db.session(), token)
    if found is None:
        return _wrong_address(now)
    key = "person", found.person_id
    document = _document(key, found.version, documents.personal_feed(found.person_id), now)
    if document is None:
        return _nothing_here(_PERSONAL)
    headers = (*_PERSONAL, ("Cache-Control", "private, max-age=900"), _file_name("my-bookings.ics"))
    response = _answer(document, now, headers)
    _note_fetch(response, found.last_fetched_at, fetched(found.token_id, now), now)
    return response


@bp.get("/calendar/group/<token>.ics")
@policy(link_holder)
def group(token: str) -> Response:
    """The dates of a group for one of its people; ends when they leave it."""
    now = clock.utcnow()
    found = find_group_feed(db.session(), token)
    if found is None:
        return _wrong_address(now)
    make = documents.group_feed(found.group_id, found.group_name)
    document = _document(("group", found.group_id), found.version, make, now)
    if document is None:
        return _nothing_here(_PERSONAL)
    headers = (*_PERSONAL, ("Cache-Control", "private, max-age=900"), _file_name("group.ics"))
    response = _answer(document, now, headers)
    _note_fetch(response, found.last_fetched_at, group_fetched(found.token_id, now), now)
    return response


def _public(key: Hashable, make: Make, name: str, *, save: bool = False) -> Response | None:
    """The answer that anyone may have; None where there is nothing to show."""
    now = clock.utcnow()
    document = _document(key, public_version(db.session()), make, now)
    if document is None:
        return None
    return _answer(document, now, (*_OPEN_DATA, _file_name(name, save=save)))


def _document(key: Hashable, version: Version, make: Make, now: datetime) -> KeptDocument | None:
    """What is kept, or made anew. The version was read first: what changes meanwhile makes the
    new document older than it is, never younger."""
    document = _kept.find(key, now)
    if document is not None and document.version == version:
        return document
    document = make(db.session(), version, now)
    if document is not None:
        _kept.keep(key, document, now=now, until=document.changes_at)
    return document


def _answer(
    document: KeptDocument, now: datetime, headers: tuple[tuple[str, str], ...]
) -> Response:
    zip_it = current_app.extensions["settings"].gzip_feeds
    return answer(
        document.body,
        packed=document.packed if zip_it else None,
        etag=document.etag,
        last_modified=document.last_modified,
        now=now,
        content_type=CALENDAR,
        headers=headers,
    )


@lru_cache(maxsize=256)
def _file_name(name: str, *, save: bool = False) -> tuple[str, str]:
    plain = "".join(c for c in name if c.isascii() and (c.isalnum() or c in "-_."))
    return "Content-Disposition", f'{"attachment" if save else "inline"}; filename="{plain}"'


def _moved(slug: str, rest: str) -> Response:
    """To the address that the event has now; ICSx5 follows for good only 308."""
    now_at = present_slug(db.session(), slug)
    if now_at is None:
        return _nothing_here()
    address = f"/events/{now_at}{rest}"
    response = Response(f"It is at {address} now.\n", status=308, mimetype="text/plain")
    response.headers["Location"] = address
    response.headers.extend(_OPEN_DATA)
    return response


def _nothing_here(headers: tuple[tuple[str, str], ...] = ()) -> Response:
    """Plain words: programs come here, not people. Never an empty 200, which empties calendars."""
    response = Response("There is no calendar here.\n", status=404, mimetype="text/plain")
    response.headers.extend(headers)
    return response


def _wrong_address(now: datetime) -> Response:
    """Wrong, ended and malformed alike. Only misses are counted: who is right is always served."""
    who = request.remote_addr or ""
    if is_within(db.session(), GUESSES, who, now):
        with unit_of_work(db.session):
            within = count_and_check(db.session(), GUESSES, who, now)
        if within:
            return _nothing_here(_PERSONAL)
    response = Response("Too many wrong addresses.\n", status=429, mimetype="text/plain")
    response.headers["Retry-After"] = str(int(GUESSES.window.total_seconds()))
    response.headers.extend(_PERSONAL)
    return response


def _note_fetch(
    response: Response, last: datetime | None, statement: Executable, now: datetime
) -> None:
    """When the answer has been sent."""
    if last is not None and now - last < NOTE_EVERY:
        return
    engine = db.engine
    response.call_on_close(lambda: note(engine, statement))


@bp.errorhandler(SQLAlchemyError)
@bp.errorhandler(DatabaseBusy)
def _outage(error: Exception) -> Response:
    """Calendars keep what they have on 503, and come again."""
    current_app.logger.warning("calendar not available: %s", type(error).__name__)
    return _come_again(503, "Please come again in a minute.", seconds=60)


@bp.errorhandler(Exception)
def _crash(error: Exception) -> Response:
    """Never a page in the place of a calendar: programs keep what they have on 500, too."""
    current_app.logger.error("unexpected error in %s", request.endpoint, exc_info=error)
    return _come_again(500, "Something went wrong on our side.", seconds=600)


def _come_again(status: int, words: str, *, seconds: int) -> Response:
    db.session.rollback()
    response = Response(f"{words}\n", status=status, mimetype="text/plain")
    response.headers["Retry-After"] = str(seconds)
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.errorhandler(NotFound)
@bp.errorhandler(HTTPException)
def _refused(error: NotFound | HTTPException) -> Response:
    if isinstance(error, NotFound) or error.code == 404:
        return _nothing_here(_PERSONAL if request.endpoint in _SECRET else ())
    words = f"{error.name}.\n"
    return Response(words, status=error.code or 500, mimetype="text/plain")


@bp.after_request
def _open_to_other_origins(response: Response) -> Response:
    """What a browser asks before it reads a feed for another site's page."""
    if request.method == "OPTIONS" and request.endpoint not in _SECRET:
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "If-None-Match, If-Modified-Since"
    return response
