"""My bookings, and what comes next for the page of one's own."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from netapp.events.queries.my_bookings import MyNext, my_bookings, my_next
from netapp.events.queries.my_parties import my_parties
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.pages import page_number
from netapp.people.session import require_person, viewer_id
from netapp.web.policy import policy, signed_in

bp = Blueprint("my_bookings", __name__, url_prefix="/account/bookings")


@bp.get("")
@policy(signed_in)
def index() -> ResponseReturnValue:
    person_id, now = require_person().id, utcnow()
    number = page_number(request.args.get("page"))
    return render_template(
        "account/bookings.html",
        mine=my_bookings(db.session, person_id, number=number, now=now),
        parties=my_parties(db.session, person_id, now),
    )


@bp.app_template_global()
def my_next_dates() -> MyNext | None:
    """For account/_next_booking.html: what comes next for whoever is signed in."""
    person_id = viewer_id()
    return my_next(db.session, person_id, utcnow()) if person_id else None
