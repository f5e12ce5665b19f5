"""The directory for members, and the page of one entry."""

from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from netapp.directory.errors import TooManyEntries
from netapp.directory.fields import Audience
from netapp.directory.operations.sightings import count_entries
from netapp.directory.queries.messages import is_blocked
from netapp.directory.queries.search import GROUPS, search
from netapp.directory.queries.seen import Entry, entry_at
from netapp.directory.queries.standing import may_look
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.pages import page_number
from netapp.kernel.text import clean
from netapp.people.session import current_person, require_person, viewer_id
from netapp.web.policy import everyone, policy

bp = Blueprint("directory", __name__, url_prefix="/directory")

LONGEST_SEARCH = 100


@bp.get("")
@policy(everyone)
def index() -> ResponseReturnValue:
    """Who may not look is told whom it is for, and how to join; nothing is searched for them."""
    session, now, person = db.session(), utcnow(), current_person()
    if not may_look(session, person, at=now):
        here = request.full_path.rstrip("?")
        return render_template("directory/closed.html", is_stranger=person is None, here=here)
    found = search(
        session,
        words=clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4),
        asked={name: request.args.getlist(name) for name in GROUPS},
        number=page_number(request.args.get("page")),
        now=now,
    )
    try:
        _count(list(found.page.items), now)
    except TooManyEntries as refused:
        return _rest(refused, now)
    return render_template("directory/index.html", found=found, without=_address_without)


@bp.get("/<slug>")
@policy(everyone)
def entry(slug: str) -> ResponseReturnValue:
    """For members what members see; for everyone else the public page, if there is one."""
    session, now, person = db.session(), utcnow(), current_person()
    is_member = may_look(session, person, at=now)
    audience = Audience.MEMBERS if is_member else Audience.PUBLIC
    shown = entry_at(session, slug, audience=audience, at=now)
    if shown is None:
        abort(404)
    if shown.slug != slug:  # The name has changed since.
        return redirect(shown.path, code=303)
    if is_member:
        try:
            _count([shown], now)
        except TooManyEntries as refused:
            return _rest(refused, now)
    return render_template(
        "directory/entry.html",
        entry=shown,
        is_member=is_member,
        is_own=person is not None and person.id == shown.person_id,
        takes_messages=shown.takes_messages and not _is_blocked(shown),
    )


def _is_blocked(shown: Entry) -> bool:
    sender_id = viewer_id()
    return sender_id is not None and is_blocked(
        db.session(), sender_id=sender_id, by=shown.person_id
    )


def _count(shown: list[Entry], now: datetime) -> None:
    """One's own entry is free. In a transaction of its own: the answer is ready by then."""
    person_id = require_person().id
    others = [each.profile_id for each in shown if each.person_id != person_id]
    with unit_of_work(db.session):
        count_entries(db.session(), person_id=person_id, profile_ids=others, now=now)


def _rest(refused: TooManyEntries, now: datetime) -> ResponseReturnValue:
    seconds = max(1, int((refused.until - now).total_seconds()) + 1)
    page = render_template(
        "directory/too_many.html", message=refused.message, minutes=-(-seconds // 60)
    )
    return make_response(page, 429, {"Retry-After": str(seconds)})


def _address_without(name: str, value: str) -> str:
    """This search without one of its filters, from the first page."""
    kept = [
        (key, each)
        for key, each in request.args.items(multi=True)
        if key in {"q", *GROUPS} and (key, each) != (name, value) and each
    ]
    return f"/directory?{urlencode(kept)}" if kept else "/directory"


@bp.app_template_global()
def sees_directory() -> bool:
    """Whether the directory is open to whoever asks; for the menu."""
    return viewer_id() is not None and may_look(db.session(), current_person(), at=utcnow())
