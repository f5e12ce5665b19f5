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
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_needs", __name__, url_prefix="/desk/events/<key>/needs")

MOST_AT_ONCE = 500


@bp.get("")
@policy(coordinator)
def index(key: str) -> ResponseReturnValue:
    return _page(key)


@bp.post("")
@policy(coordinator)
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
@policy(coordinator)
def answered(key: str) -> ResponseReturnValue:
    """Those that were ticked have had an answer."""
    event, now = event_or_404(key), utcnow()
    sent = request.form.getlist("need")[:MOST_AT_ONCE]
    ticked = [each for each in sent if each.isalnum()]  # No key of ours has anything else.
    with unit_of_work(db.session):
        marked = needs.answer_needs(db.session, event=event, keys=ticked, actor=actor(), now=now)
    flash("Noted." if marked else "Tick those you have answered.", "success" if marked else "info")
    return redirect(url_for(".index", key=key), code=303)


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
