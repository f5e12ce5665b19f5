"""What a coordinator does with somebody's booking by hand: give a place, move to another date."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import BookingRefused, ReasonMissing
from netapp.events.manage_views.shared import event_or_404
from netapp.events.operations import by_hand
from netapp.events.queries.booking_rows import BookingRow
from netapp.events.queries.manage_bookings import booking_story
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.text import clean
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_by_hand", __name__, url_prefix="/desk/events/<key>/bookings/<reference>")

LONGEST_REASON = 300


@bp.post("/give")
@policy(event_helper)
def give(key: str, reference: str) -> ResponseReturnValue:
    def act(row: BookingRow, reason: str, now: datetime) -> None:
        by_hand.give_place(
            db.session,
            booking_id=row.id,
            session_key=request.form.get("date", "")[:32],
            reason=reason,
            actor=actor(),
            now=now,
        )

    return _do(key, reference, "give", act, "has a place now, and a mail is on its way to them.")


@bp.post("/move")
@policy(event_helper)
def move(key: str, reference: str) -> ResponseReturnValue:
    def act(row: BookingRow, reason: str, now: datetime) -> None:
        by_hand.move_by_hand(
            db.session,
            booking_id=row.id,
            from_key=request.form.get("date", "")[:32],
            to_key=request.form.get("to", "")[:32],
            reason=reason,
            actor=actor(),
            now=now,
        )

    return _do(key, reference, "move", act, "is moved, and a mail is on its way to them.")


def _do(
    key: str,
    reference: str,
    what: str,
    act: Callable[[BookingRow, str, datetime], None],
    done: str,
) -> ResponseReturnValue:
    """Once for each form; then back to the booking, with word of what was done or why not."""
    event, now = event_or_404(key), utcnow()
    story = booking_story(db.session(), event, reference, now) or abort(404)
    row = story.row
    target = url_for("desk_bookings.show", key=key, reference=row.reference)
    reason = clean(request.form.get("reason", "")[:LONGEST_REASON], max_length=LONGEST_REASON)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"booking.{what}:{row.reference}", now):
                return redirect(earlier.result, code=303)
            act(row, reason, now)
            once.finish(target)
    except ReasonMissing as refusal:
        flash(refusal.message, "error")
        return redirect(f"{target}#by-hand", code=303)
    except BookingRefused as refusal:
        flash(refusal.message, "error")
    else:
        flash(f"{row.name} {done}", "success")
    return redirect(target, code=303)
