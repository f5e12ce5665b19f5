"""Other ways to have a place that is booked: online or in person, now or once there is room, or in
another date."""

from datetime import datetime
from typing import Any

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from netapp.events.booking_views import do_once, keep_private
from netapp.events.forms import ChangeForm, mode_of
from netapp.events.operations import moving, swap_waits, swapping
from netapp.events.queries.bookings import Opened
from netapp.extensions import db
from netapp.web.policy import link_holder, policy

bp = Blueprint("booking_ways", __name__, url_prefix="/bookings")
bp.after_request(keep_private)


@bp.post("/<reference>/swap")
@policy(link_holder)
def swap(reference: str) -> ResponseReturnValue:
    mode = mode_of(request.form.get("mode")) or abort(400)
    form = ChangeForm()

    def act(opened: Opened, now: datetime) -> None:
        swapping.swap_mode(
            db.session,
            booking_id=opened.id,
            session_key=next(iter(form.session.data or ()), ""),
            mode=mode,
            seen_version=form.version.number,
            now=now,
        )

    return do_once(reference, "swap", "swapped", act)


@bp.post("/<reference>/swap-wait")
@policy(link_holder)
def wait_to_swap(reference: str) -> ResponseReturnValue:
    """Stand in line for the other way to take part, and keep one's place; or leave that line."""
    mode = mode_of(request.form.get("mode")) or abort(400)
    form, stops = ChangeForm(), bool(request.form.get("stop"))
    key = next(iter(form.session.data or ()), "")

    def act(opened: Opened, now: datetime) -> None:
        asked: dict[str, Any] = {
            "booking_id": opened.id,
            "session_key": key,
            "seen_version": form.version.number,
            "now": now,
        }
        if stops:
            swap_waits.stop_waiting(db.session, **asked)
        else:
            swap_waits.wait_to_swap(db.session, mode=mode, **asked)

    return do_once(reference, "swap wait", "swap-stopped" if stops else "swap-waits", act)


@bp.post("/<reference>/move")
@policy(link_holder)
def move(reference: str) -> ResponseReturnValue:
    form = ChangeForm()

    def act(opened: Opened, now: datetime) -> None:
        moving.move_to_date(
            db.session,
            booking_id=opened.id,
            from_key=next(iter(form.session.data or ()), ""),
            to_key=request.form.get("to", "")[:32],
            seen_version=form.version.number,
            now=now,
        )

    return do_once(reference, "move", "moved", act)
