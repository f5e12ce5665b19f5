"""The membership of an organisation and its seats, on the desk."""

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.changes import changes_of
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.membership.operations import seat_links
from netapp.membership.operations import seats as operations
from netapp.membership.operations.seats import By
from netapp.membership.operations.term_changes import TERM_OF_ORGANISATION
from netapp.membership.queries.people_list import organisation_terms
from netapp.membership.queries.seats import open_url, seat_lines, seats_of
from netapp.membership.seat_forms import GiveSeatForm, NumberForm
from netapp.organisations.models import Organisation
from netapp.organisations.operations.guard import subject_of
from netapp.organisations.queries.one import find_organisation, page_of
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

LONGEST_UNDO = timedelta(days=90)  # Retention takes away what is kept for less.

bp = Blueprint("desk_seats", __name__, url_prefix="/desk/organisations/<key>/membership")


@bp.get("")
@policy(coordinator)
def index(key: str) -> ResponseReturnValue:
    return _page(_found_or_404(key))


@bp.post("/<membership>/number")
@policy(coordinator)
def number(key: str, membership: str) -> ResponseReturnValue:
    found, form = _found_or_404(key), NumberForm()
    if not form.validate():
        return _page(found, number_form=form), 422

    def act() -> None:
        operations.set_number(
            db.session,
            organisation_key=key,
            membership_key=membership,
            number=form.number.data,
            actor=actor(),
            now=utcnow(),
        )

    return _act(key, f"seat.number:{membership}", act, "The number of seats is changed.")


@bp.post("/seats")
@policy(coordinator)
def give(key: str) -> ResponseReturnValue:
    found, form, now = _found_or_404(key), GiveSeatForm(), utcnow()
    if not form.validate():
        return _page(found, form=form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"seat.give:{key}", now):
                return redirect(earlier.result, code=303)
            operations.give_seat(
                db.session,
                organisation_key=key,
                email=form.email.address,
                name=form.name.data or "",
                by=By(actor()),
                now=now,
            )
            target = once.finish(url_for(".index", key=key))
    except NotFound:
        raise
    except DomainError as refusal:
        form.email.errors = [str(refusal)]
        return _page(_found_or_404(key), form=form), 422
    flash(f"{form.name.data} has a seat, and is told by email.", "success")
    return redirect(target, code=303)


@bp.post("/seats/<seat>/end")
@policy(coordinator)
def end_seat(key: str, seat: str) -> ResponseReturnValue:
    def act() -> None:
        operations.end_seat(
            db.session, organisation_key=key, seat_key=seat, by=By(actor()), now=utcnow()
        )

    return _act(key, f"seat.end:{seat}", act, "The seat has ended, and they are told by email.")


@bp.post("/link")
@policy(coordinator)
def renew_link(key: str) -> ResponseReturnValue:
    def act() -> None:
        seat_links.renew_link(db.session, organisation_key=key, by=By(actor()), now=utcnow())

    return _act(key, "seat.link", act, "Here is the link. If there was one before, it has ended.")


@bp.post("/link/close")
@policy(coordinator)
def close_link(key: str) -> ResponseReturnValue:
    def act() -> None:
        seat_links.close_link(db.session, organisation_key=key, by=By(actor()), now=utcnow())

    return _act(key, "seat.link.close", act, "The link is off. Who has a seat keeps it.")


def _act(key: str, purpose: str, act: Callable[[], None], done: str) -> ResponseReturnValue:
    """One button: do it once, say how it went, go back to the page."""
    _found_or_404(key)
    target = url_for(".index", key=key)
    try:
        with unit_of_work(db.session):
            if once.begin(f"{purpose}:{key}"[:80], utcnow()) is None:
                act()
                once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        flash(done, "success")
    return redirect(target, code=303)


def _found_or_404(key: str) -> Organisation:
    return find_organisation(db.session(), key) or abort(404)


def _page(
    found: Organisation,
    *,
    form: GiveSeatForm | None = None,
    number_form: NumberForm | None = None,
) -> str:
    session, now = db.session(), utcnow()
    return render_template(
        "desk/organisations/membership.html",
        one=page_of(found),
        seats=seats_of(session, found.id, at=now),
        terms=organisation_terms(session, found.id, at=now),
        changes=[
            change
            for change in changes_of(session, subject_of(found), since=now - LONGEST_UNDO)
            if change.kind == TERM_OF_ORGANISATION
        ],
        lines=seat_lines(session, found.id),
        link=open_url(session, found),
        form=form or GiveSeatForm(formdata=None),
        number_form=number_form or NumberForm(formdata=None),
    )
