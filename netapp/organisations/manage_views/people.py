"""Who works for an organisation, and whom the network writes to there, on the desk."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.organisations.errors import WorksThere
from netapp.organisations.forms import ColleagueForm
from netapp.organisations.manage_views.register import organisation_or_404
from netapp.organisations.models import Affiliation, Organisation
from netapp.organisations.operations import affiliations, contacts
from netapp.organisations.queries import one as queries
from netapp.organisations.queries.people import colleagues
from netapp.people.operations.guests import find_or_add_guest
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_organisation_people", __name__, url_prefix="/desk/organisations/<key>/people")


@bp.get("")
@policy(coordinator)
def index(key: str) -> ResponseReturnValue:
    return _page(organisation_or_404(key), ColleagueForm(formdata=None))


@bp.post("")
@policy(coordinator)
def add(key: str) -> ResponseReturnValue:
    found, form, now = organisation_or_404(key), ColleagueForm(), utcnow()
    if not form.validate():
        return _page(found, form), 422
    target = url_for(".index", key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"affiliation.add:{key}", now):
                return redirect(earlier.result, code=303)
            person = find_or_add_guest(
                db.session, email=form.email.address, name=form.name.data or "", now=now
            )
            name = person.name
            affiliations.begin(
                db.session,
                person_id=person.id,
                organisation_key=key,
                role=form.role.data or "",
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except WorksThere as refusal:
        form.email.errors = [refusal.message]
        return _page(organisation_or_404(key), form), 422
    flash(f"{name} is one of them now.", "success")
    return redirect(target, code=303)


@bp.post("/<affiliation>/end")
@policy(coordinator)
def end(key: str, affiliation: str) -> ResponseReturnValue:
    found, now, target = organisation_or_404(key), utcnow(), url_for(".index", key=key)
    try:
        with unit_of_work(db.session):
            if once.begin(f"affiliation.end:{affiliation}", now) is None:
                _of(found, affiliation)
                affiliations.end_now(db.session, key=affiliation, actor=actor(), now=now)
                once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        flash("Noted that they have left. A seat they have stays theirs until it is ended.", "info")
    return redirect(target, code=303)


@bp.post("/<affiliation>/contact")
@policy(coordinator)
def make_contact(key: str, affiliation: str) -> ResponseReturnValue:
    return _contact(key, affiliation, is_contact=True)


@bp.post("/<affiliation>/contact/end")
@policy(coordinator)
def end_contact(key: str, affiliation: str) -> ResponseReturnValue:
    return _contact(key, affiliation, is_contact=False)


def _contact(key: str, affiliation: str, *, is_contact: bool) -> ResponseReturnValue:
    found, now, target = organisation_or_404(key), utcnow(), url_for(".index", key=key)
    act = contacts.make_contact if is_contact else contacts.end_contact
    with unit_of_work(db.session):
        if once.begin(f"contact:{is_contact}:{affiliation}", now) is None:
            works = _of(found, affiliation)
            act(db.session, key=key, person_id=works.person_id, actor=actor(), now=now)
            once.finish(target)
    done = "They are a contact now" if is_contact else "They are no contact any more"
    flash(f"{done}, and are told by email.", "success")
    return redirect(target, code=303)


def _of(found: Organisation, affiliation: str) -> Affiliation:
    """Raises ``NotFound`` for one of another organisation."""
    works = affiliations.find_affiliation(db.session, affiliation)
    if works.organisation_id != found.id:
        raise NotFound
    return works


def _page(found: Organisation, form: ColleagueForm) -> str:
    return render_template(
        "desk/organisations/people.html",
        one=queries.page_of(found),
        people=colleagues(db.session(), found.id, at=utcnow()),
        form=form,
    )
