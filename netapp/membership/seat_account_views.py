"""The page of the contact of an organisation; and seats that people give back themselves."""

from collections.abc import Callable

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.errors import NotTheContact
from netapp.membership.operations import contacts, seat_links
from netapp.membership.operations import seats as operations
from netapp.membership.operations.seats import By
from netapp.membership.queries.mine import my_membership
from netapp.membership.queries.seats import MySeat, my_seats, open_url, seat_lines, seats_of
from netapp.membership.seat_forms import GiveSeatForm, PassOnForm
from netapp.organisations.models import Organisation
from netapp.organisations.operations.confirming import confirm
from netapp.organisations.operations.contacts import contact_of
from netapp.organisations.queries.one import find_organisation, page_at, page_of
from netapp.organisations.queries.people import colleagues
from netapp.people.session import actor, require_person, viewer_id
from netapp.web import once
from netapp.web.policy import policy, signed_in

FIRST_LINK = "Here is the link."
NEW_LINK = "Here is the new link. The earlier one has ended."

bp = Blueprint("my_organisation", __name__, url_prefix="/account/organisations")


def register(app: Flask) -> None:
    """Tell the page of where somebody works which seats they have."""
    app.add_template_global(_my_seats, "seats_of_mine")


@bp.get("/<slug>")
@policy(signed_in)
def show(slug: str) -> ResponseReturnValue:
    organisation = _mine_or_404(slug)
    if organisation.slug != slug:
        return redirect(url_for(".show", slug=organisation.slug), code=303)
    return _page(organisation, GiveSeatForm(formdata=None))


@bp.post("/<slug>/seats")
@policy(signed_in)
def give(slug: str) -> ResponseReturnValue:
    organisation, form, now = _mine_or_404(slug), GiveSeatForm(), utcnow()
    if not form.validate():
        return _page(organisation, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"seat.give:{organisation.key}", now):
                return redirect(earlier.result, code=303)
            operations.give_seat(
                db.session,
                organisation_key=organisation.key,
                email=form.email.address,
                name=form.name.data or "",
                by=_by(),
                now=now,
            )
            target = once.finish(url_for(".show", slug=slug))
    except (NotFound, NotTheContact):
        abort(404)
    except DomainError as refusal:
        form.email.errors = [str(refusal)]
        return _page(_mine_or_404(slug), form), 422
    flash(f"{form.name.data} has a seat, and is told by email.", "success")
    return redirect(target, code=303)


@bp.post("/<slug>/seats/<seat>/end")
@policy(signed_in)
def end(slug: str, seat: str) -> ResponseReturnValue:
    def act(organisation: Organisation) -> None:
        operations.end_seat(
            db.session, organisation_key=organisation.key, seat_key=seat, by=_by(), now=utcnow()
        )

    return _act(slug, f"seat.end:{seat}", act, "The seat has ended, and they are told by email.")


@bp.post("/<slug>/link")
@policy(signed_in)
def renew_link(slug: str) -> ResponseReturnValue:
    def act(organisation: Organisation) -> str:
        ended_another = seat_links.renew_link(
            db.session, organisation_key=organisation.key, by=_by(), now=utcnow()
        )
        return NEW_LINK if ended_another else FIRST_LINK

    return _act(slug, "seat.link", act, FIRST_LINK)


@bp.post("/<slug>/link/close")
@policy(signed_in)
def close_link(slug: str) -> ResponseReturnValue:
    def act(organisation: Organisation) -> None:
        seat_links.close_link(db.session, organisation_key=organisation.key, by=_by(), now=utcnow())

    return _act(slug, "seat.link.close", act, "The link is off. Who has a seat keeps it.")


@bp.post("/<slug>/true")
@policy(signed_in)
def still_true(slug: str) -> ResponseReturnValue:
    def act(organisation: Organisation) -> None:
        now = utcnow()
        operations.held_by(db.session, organisation.key, _by(), now)
        today = to_local(now, site_of(db.session()).zone).date()
        confirm(db.session, key=organisation.key, on=today, source="", actor=actor(), now=now)

    return _act(slug, "organisation.true", act, "Thank you. Noted that it is still true.")


@bp.post("/<slug>/contact")
@policy(signed_in)
def pass_on(slug: str) -> ResponseReturnValue:
    organisation, now = _mine_or_404(slug), utcnow()
    form = PassOnForm(people=_others(organisation))
    if not form.validate():
        return _page(organisation, GiveSeatForm(formdata=None), form), 422
    target = url_for(".show", slug=slug) if form.stay.data else "/account/organisations"
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"contact.pass:{organisation.key}", now):
                return redirect(earlier.result, code=303)
            contacts.pass_on(
                db.session,
                organisation_key=organisation.key,
                to_key=form.person.data,
                stays=form.stay.data,
                by=_by(),
                now=now,
            )
            once.finish(target)
    except (NotFound, NotTheContact):
        abort(404)
    except DomainError as refusal:
        form.person.errors = [str(refusal)]
        return _page(_mine_or_404(slug), GiveSeatForm(formdata=None), form), 422
    flash("Done. The new contact is told by email.", "success")
    return redirect(target, code=303)


@bp.post("/seats/<seat>/give-back")
@policy(signed_in)
def give_back(seat: str) -> ResponseReturnValue:
    person, target = require_person(), "/account/organisations"
    try:
        with unit_of_work(db.session):
            if once.begin(f"seat.back:{seat}"[:80], utcnow()) is None:
                operations.give_back(db.session, seat_key=seat, person_id=person.id, now=utcnow())
                once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "warning")
    else:
        flash("You have given the seat back. Other ways in which you belong stay.", "success")
    return redirect(target, code=303)


def _act(
    slug: str, purpose: str, act: Callable[[Organisation], str | None], done: str
) -> ResponseReturnValue:
    """One button: do it once, say how it went, go back to the page. ``act`` may say it better than
    ``done``."""
    organisation, target = _mine_or_404(slug), url_for(".show", slug=slug)
    try:
        with unit_of_work(db.session):
            if once.begin(f"{purpose}:{organisation.key}"[:80], utcnow()) is None:
                done = act(organisation) or done
                once.finish(target)
    except (NotFound, NotTheContact):
        abort(404)
    except DomainError as refusal:
        flash(str(refusal), "warning")
    else:
        flash(done, "success")
    return redirect(target, code=303)


def _by() -> By:
    return By(actor(), as_contact=True)


def _mine_or_404(slug: str) -> Organisation:
    """An organisation whose contact is signed in; to everybody else there is none."""
    session, person = db.session(), require_person()
    page = page_at(session, slug[:100], unlisted=True)
    if page is None or page.id not in contact_of(session, person.id, now=utcnow()):
        abort(404)
    return find_organisation(session, page.key) or abort(404)


def _others(organisation: Organisation) -> list[tuple[str, str]]:
    """Who could be the contact: whoever has a seat, or says that they work there."""
    session, me = db.session(), require_person().id
    found = {
        one.person_key: one.name
        for one in colleagues(session, organisation.id, at=utcnow())
        if not one.is_over and not one.is_contact and one.person_id != me
    }
    contacts_now = {
        one.person_key
        for one in colleagues(session, organisation.id, at=utcnow())
        if one.is_contact and not one.is_over
    }
    for line in seat_lines(session, organisation.id):
        if line.person_id != me and line.person_key not in contacts_now:
            found[line.person_key] = line.name
    return sorted(found.items(), key=lambda one: one[1].casefold())


def _page(
    organisation: Organisation, form: GiveSeatForm, pass_form: PassOnForm | None = None
) -> str:
    session, now = db.session(), utcnow()
    others = _others(organisation)
    people = colleagues(session, organisation.id, at=now)
    return render_template(
        "account/organisation.html",
        one=page_of(organisation),
        seats=seats_of(session, organisation.id, at=now),
        lines=seat_lines(session, organisation.id),
        link=open_url(session, organisation),
        contacts=[each for each in people if each.is_contact and not each.is_over],
        others=others,
        form=form,
        pass_form=pass_form or PassOnForm(formdata=None, people=others),
        me=require_person().id,
        renews=_can_renew(organisation),
        refused=request.method == "POST",
    )


def _can_renew(organisation: Organisation) -> bool:
    """Whether “My membership” offers it to them now."""
    mine = my_membership(db.session(), require_person().id, at=utcnow())
    return any(way.can_renew for way in mine.ways if way.organisation_slug == organisation.slug)


def _my_seats() -> list[MySeat]:
    person_id = viewer_id()
    return my_seats(db.session(), person_id, at=utcnow()) if person_id else []
