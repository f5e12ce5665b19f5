"""What a coordinator does with somebody's booking by hand: give a place, move to another date."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import BookingRefused
from netapp.events.manage_forms.bookings import ByHandForm
from netapp.events.manage_views.booking_page import ByHand, booking_or_404, booking_page
from netapp.events.operations import by_hand
from netapp.events.queries.booking_rows import BookingRow
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_by_hand", __name__, url_prefix="/desk/events/<key>/bookings/<reference>")


@bp.post("/give")
@policy(event_helper)
def give(key: str, reference: str) -> ResponseReturnValue:
    def act(row: BookingRow, form: ByHandForm, now: datetime) -> None:
        by_hand.give_place(
            db.session,
            booking_id=row.id,
            session_key=form.date.data or "",
            reason=form.reason.data,
            actor=actor(),
            now=now,
        )

    return _do(key, reference, "give", act, "has a place now, and a mail is on its way to them.")


@bp.post("/move")
@policy(event_helper)
def move(key: str, reference: str) -> ResponseReturnValue:
    def act(row: BookingRow, form: ByHandForm, now: datetime) -> None:
        by_hand.move_by_hand(
            db.session,
            booking_id=row.id,
            from_key=form.date.data or "",
            to_key=form.to.data or "",
            reason=form.reason.data,
            actor=actor(),
            now=now,
        )

    return _do(key, reference, "move", act, "is moved, and a mail is on its way to them.")


def _do(
    key: str,
    reference: str,
    what: str,
    act: Callable[[BookingRow, ByHandForm, datetime], None],
    done: str,
) -> ResponseReturnValue:
    """Once for each form; then back to the booking, with word of what was done. Where it cannot be
    done, its form stays open with what was typed and why not."""
    event, story = booking_or_404(key, reference)
    row, form, now = story.row, ByHandForm(), utcnow()
    if not form.validate():
        return booking_page(event, story, tried=ByHand(what, form)), 422
    target = url_for("desk_bookings.show", key=key, reference=row.reference)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"booking.{what}:{row.reference}", now):
                return redirect(earlier.result, code=303)
            act(row, form, now)
            once.finish(target)
    except BookingRefused as refusal:
        event, story = booking_or_404(key, reference)
        return booking_page(event, story, tried=ByHand(what, form, refusal.message)), 409
    flash(f"{row.name} {done}", "success")
    return redirect(target, code=303)
