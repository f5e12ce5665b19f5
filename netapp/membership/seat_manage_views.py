"""The membership of an organisation and its seats, on the desk."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.changes import changes_of
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.end_forms import EndForm
from netapp.membership.errors import AlreadyMember, EndsBeforeItStarts
from netapp.membership.grant_forms import GrantForm
from netapp.membership.models import Holder, MembershipKind
from netapp.membership.operations import ending, giving, seat_links
from netapp.membership.operations import seats as operations
from netapp.membership.operations.granting import HeldBy
from netapp.membership.operations.seats import By
from netapp.membership.operations.term_changes import TERM_OF_ORGANISATION
from netapp.membership.queries.ending import ending_of
from netapp.membership.queries.kinds import costs, kinds_for
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


@bp.post("")
@policy(coordinator)
def grant(key: str) -> ResponseReturnValue:
    found, now = _found_or_404(key), utcnow()
    form = GrantForm(kinds=_kinds())
    if not form.validate():
        return _page(found, member_form=form), 422
    try:
        with unit_of_work(db.session):
            assert form.starts_on.day is not None  # Its validators saw to it.
            if earlier := once.begin(f"membership.grant:{key}", now):
                return redirect(earlier.result, code=303)
            held = giving.give(
                db.session,
                holder=HeldBy(organisation_id=found.id),
                kind=form.kind.data,
                starts_on=form.starts_on.day,
                ends_on=form.last_day,
                note=form.note.data or "",
                actor=actor(),
                now=now,
            )
            target = url_for(".index", key=key)
            if costs(db.session(), held.kind_id):
                target = url_for("desk_invoice_by_hand.show", membership=held.key)
            once.finish(target)
    except EndsBeforeItStarts as refusal:
        form.ends_on.errors = [refusal.message]
    except AlreadyMember:
        form.starts_on.errors = ["It is a member on those days already. End that term first."]
    else:
        flash(f"{found.name} is a member.", "success")
        return redirect(target, code=303)
    return _page(_found_or_404(key), member_form=form), 422


@bp.post("/<membership>/end")
@policy(coordinator)
def end(key: str, membership: str) -> ResponseReturnValue:
    found = _found_or_404(key)
    terms = {line.key for line in organisation_terms(db.session(), found.id, at=utcnow())}
    if membership not in terms:
        abort(404)

    form, again = EndForm(), "confirmed" in request.form
    if not again or not form.validate():
        page = render_template(
            "desk/membership/end.html",
            ending=ending_of(db.session(), membership, at=utcnow()),
            form=form if again else EndForm(formdata=None),
            leave=url_for(".index", key=key),
        )
        return (page, 422) if again else page

    def act() -> None:
        ending.end_by_hand(
            db.session(),
            key=membership,
            reason=form.reason.data,
            actor=actor(),
            now=utcnow(),
        )

    return _act(
        key,
        f"membership.end:{membership}",
        act,
        "The membership has ended. Its contacts are told by mail.",
    )


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
    flash(f"{form.name.data} has a seat, and is told by mail.", "success")
    return redirect(target, code=303)


@bp.post("/seats/<seat>/end")
@policy(coordinator)
def end_seat(key: str, seat: str) -> ResponseReturnValue:
    def act() -> None:
        operations.end_seat(
            db.session, organisation_key=key, seat_key=seat, by=By(actor()), now=utcnow()
        )

    return _act(key, f"seat.end:{seat}", act, "The seat has ended, and they are told by mail.")


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


def _kinds() -> Sequence[MembershipKind]:
    return kinds_for(db.session(), Holder.ORGANISATION)


def _page(
    found: Organisation,
    *,
    form: GiveSeatForm | None = None,
    member_form: GrantForm | None = None,
    number_form: NumberForm | None = None,
) -> str:
    session, now = db.session(), utcnow()
    today = to_local(now, site_of(session).zone).date()
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
        member_form=member_form or GrantForm.from_day(_kinds(), today),
        number_form=number_form or NumberForm(formdata=None),
    )
