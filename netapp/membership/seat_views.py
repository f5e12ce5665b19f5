"""The page of a link that was passed on: a seat for whoever is signed in, by a press of a button.

Opening it changes nothing, whatever opens links in mails before people do.
"""

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.site import site_of
from netapp.membership.errors import SeatLinkEnded, SeatWasEnded
from netapp.membership.operations import seats as operations
from netapp.membership.queries.seats import has_seat, seat_link, seats_of, was_ended
from netapp.membership.seat_links import is_seat_key
from netapp.organisations.models import Organisation
from netapp.organisations.queries.one import find_organisation
from netapp.people.session import current_person
from netapp.web import once
from netapp.web.policy import link_holder, policy

bp = Blueprint("seats", __name__, url_prefix="/seats")

LONGEST = 64


@bp.after_request
def keep_private(response: Response) -> Response:
    """The address holds a key: it is not to be found, and not to be kept."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response


@bp.get("/<key>")
@policy(link_holder)
def show(key: str) -> ResponseReturnValue:
    organisation = _opened(key)
    return _page(organisation) if organisation else _ended()


@bp.post("/<key>")
@policy(link_holder)
def take(key: str) -> ResponseReturnValue:
    organisation, person, now = _opened(key), current_person(), utcnow()
    if organisation is None:
        return _ended()
    if person is None:
        return redirect(url_for("sign_in.show", next=_here()), code=303)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"seat.take:{key}"[:80], now):
                return redirect(earlier.result, code=303)
            operations.take_seat(
                db.session,
                organisation_key=key,
                link_key=_sent(),
                person_id=person.id,
                now=now,
            )
            target = once.finish("/account/organisations")
    except SeatLinkEnded:
        return _ended()
    except DomainError as refusal:
        return _page(organisation, str(refusal)), 409
    flash(f"You have a seat of {organisation.name}.", "success")
    return redirect(target, code=303)


def _sent() -> str:
    return request.args.get("key", "")[:LONGEST]


def _here() -> str:
    """This page, to come back to."""
    return f"{request.path}?key={_sent()}"


def _opened(key: str) -> Organisation | None:
    """The organisation, where the link is right and open; the same work where it is not."""
    session = db.session()
    organisation = find_organisation(session, key[:LONGEST])
    link = seat_link(session, organisation.id) if organisation else None
    right = is_seat_key(site_of(session), key[:LONGEST], link, _sent())
    return organisation if right else None


def _ended() -> ResponseReturnValue:
    return render_template("membership/seat_ended.html"), 404


def _page(organisation: Organisation, refusal: str = "") -> str:
    session, person = db.session(), current_person()
    link = seat_link(session, organisation.id)
    ended = person and link and was_ended(session, organisation.id, person.id, link)
    return render_template(
        "membership/seat.html",
        organisation=organisation,
        seats=seats_of(session, organisation.id, at=utcnow()),
        person=person,
        mine=person is not None and has_seat(session, organisation.id, person.id),
        here=_here(),
        ended_words=SeatWasEnded.message if ended else "",
        refusal=refusal,
        can_register=current_app.extensions["settings"].open_registration,
    )
