"""What people said would help them take part: counted for all, opened by a button, answered."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.manage_views.shared import editor_page, event_or_404
from netapp.events.operations import needs
from netapp.events.queries.manage_needs import need_counts, opened_needs
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.site import site_of
from netapp.people.session import actor
from netapp.web.policy import event_needs, policy

bp = Blueprint("desk_needs", __name__, url_prefix="/desk/events/<key>/needs")

MOST_AT_ONCE = 500


@bp.get("")
@policy(event_needs)
def index(key: str) -> ResponseReturnValue:
    return _page(key)


@bp.post("")
@policy(event_needs, again=True)
def read(key: str) -> ResponseReturnValue:
    """A POST, because each reading is written down."""
    event, now = event_or_404(key), utcnow()
    with unit_of_work(db.session):
        found = needs.read_needs(db.session, event=event, actor=actor(), now=now)
        opened = opened_needs(db.session(), event, found)
    return editor_page(
        "needs.html",
        event_or_404(key),
        "needs",
        counts=need_counts(db.session(), event),
        opened=opened,
        keep_days=site_of(db.session).needs_keep_days,
    )


@bp.post("/answered")
@policy(event_needs)
def answered(key: str) -> ResponseReturnValue:
    """Those that were ticked have had an answer."""
    event, now = event_or_404(key), utcnow()
    sent = request.form.getlist("need")[:MOST_AT_ONCE]
    ticked = {key: mark for key, _, mark in (each.partition(".") for each in sent) if _is_key(key)}
    with unit_of_work(db.session):
        done = needs.answer_needs(db.session, event=event, read=ticked, actor=actor(), now=now)
    if done.marked:
        flash("Noted.", "success")
    if done.changed:
        people = "1 person has" if done.changed == 1 else f"{done.changed} people have"
        flash(
            f"{people} written something else since you opened the page. It still waits for an "
            "answer: show it again, and read it first.",
            "warning",
        )
    elif not done.marked:
        flash("Tick those you have answered.", "info")
    return redirect(url_for(".index", key=key), code=303)


def _is_key(text: str) -> bool:
    """No key of ours has anything else; a database may refuse what is not text."""
    return text.isascii() and text.isalnum()


def _page(key: str) -> str:
    event = event_or_404(key)
    return editor_page(
        "needs.html",
        event,
        "needs",
        counts=need_counts(db.session(), event),
        opened=None,
        keep_days=site_of(db.session).needs_keep_days,
    )
