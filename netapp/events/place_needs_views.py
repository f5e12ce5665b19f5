"""What would help somebody take part for whom another person booked: told by themselves, on a
page of their own, read by nobody else on the booking."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.booking_views import (
    LONGEST_KEY,
    LONGEST_PERSON,
    LONGEST_REFERENCE,
    closed_door,
    keep_private,
)
from netapp.events.errors import BookingRefused
from netapp.events.forms import NeedsForm
from netapp.events.operations import preferences
from netapp.events.plans import NOTHING_TOLD
from netapp.events.queries.named import OpenedPlace, open_place
from netapp.events.queries.needs import place_needs
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people.session import viewer_id
from netapp.web import once
from netapp.web.policy import link_holder, policy

bp = Blueprint("place_needs", __name__, url_prefix="/bookings")
bp.after_request(keep_private)


@bp.get("/<reference>/places/<person>/needs")
@policy(link_holder)
def show(reference: str, person: str) -> ResponseReturnValue:
    opened = _opened(reference, person)
    return _page(opened) if opened else closed_door()


@bp.post("/<reference>/places/<person>/needs")
@policy(link_holder)
def tell(reference: str, person: str) -> ResponseReturnValue:
    opened = _opened(reference, person)
    if opened is None:
        return closed_door()
    form, now = NeedsForm(), utcnow()
    deleting = bool(request.form.get("delete"))
    if not deleting and not form.validate():
        return _page(opened, form), 422
    telling = NOTHING_TOLD if deleting else form.telling
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"needs {opened.attendee_key}", now):
                return redirect(earlier.result, code=303)
            preferences.tell_needs(
                db.session,
                booking_id=opened.booking_id,
                person_id=opened.person_id,
                telling=telling,
                may_share=not opened.by_link,
                now=now,
            )
            done = "deleted" if telling == NOTHING_TOLD else "told"
            address = url_for(
                ".show", reference=reference, person=person, key=_key() or None, done=done
            )
            return redirect(once.finish(address), code=303)
    except BookingRefused as refusal:
        return _page(opened, form, str(refusal)), 409


def _page(opened: OpenedPlace, form: NeedsForm | None = None, refusal: str = "") -> str:
    page = place_needs(
        db.session(),
        opened.booking_id,
        opened.person_id,
        utcnow(),
        signed_in=not opened.by_link,
    )
    return render_template(
        "bookings/place_needs.html",
        page=page,
        told=page.told,
        needs_form=form or NeedsForm.of(page.told),
        attendee_key=opened.attendee_key,
        key=_key() if opened.by_link else "",
        refusal=refusal,
        done=request.args.get("done", "") if request.method == "GET" else "",
    )


def _opened(reference: str, person: str) -> OpenedPlace | None:
    if len(reference) > LONGEST_REFERENCE or len(person) > LONGEST_PERSON:
        return None
    return open_place(db.session, reference, person, person_id=viewer_id(), key=_key())


def _key() -> str:
    key = request.form.get("key", "") or request.args.get("key", "")
    return key if len(key) <= LONGEST_KEY else ""
