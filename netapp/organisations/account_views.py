"""Where I work: chosen from the register, or in one's own words; several at once, or none."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.site import site_of
from netapp.kernel.text import clean
from netapp.kernel.zones import to_local
from netapp.organisations.errors import EndsBeforeItStarts, HasLeft, WorksThere
from netapp.organisations.forms import AffiliationForm, LeaveForm, OwnWordsForm, RoleForm
from netapp.organisations.models import Organisation
from netapp.organisations.operations import affiliations
from netapp.organisations.queries.one import find_organisation, page_of
from netapp.organisations.queries.people import Workplace, workplaces
from netapp.organisations.queries.register import matching
from netapp.people.queries import as_it_is_now
from netapp.people.session import actor, require_person
from netapp.web import once
from netapp.web.policy import policy, signed_in

bp = Blueprint("workplaces", __name__, url_prefix="/account/organisations")

LONGEST_SEARCH = 100
MOST_FOUND = 10


@bp.get("")
@policy(signed_in)
def index() -> ResponseReturnValue:
    return _page()


@bp.post("/own-words")
@policy(signed_in)
def own_words() -> ResponseReturnValue:
    form = OwnWordsForm()
    if not form.validate():
        return _page(form), 422
    with unit_of_work(db.session):
        affiliations.write_of_oneself(
            db.session,
            person_id=require_person().id,
            organisation=form.organisation.data or "",
            now=utcnow(),
        )
    flash("Saved.", "success")
    return redirect(url_for(".index"), code=303)


@bp.get("/add/<key>")
@policy(signed_in)
def choose(key: str) -> ResponseReturnValue:
    return _add_page(_organisation_or_404(key), AffiliationForm(formdata=None))


@bp.post("/add/<key>")
@policy(signed_in)
def add(key: str) -> ResponseReturnValue:
    found, form, now = _organisation_or_404(key), AffiliationForm(), utcnow()
    if not form.validate():
        return _add_page(found, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"affiliation.add:{key}"[:80], now):
                return redirect(earlier.result, code=303)
            affiliations.begin(
                db.session,
                person_id=require_person().id,
                organisation_key=key,
                role=form.role.data or "",
                starts_on=form.starts_on.day,
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for(".index"))
    except WorksThere as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".index"), code=303)
    flash(f"Noted that you work for {found.name}.", "success")
    return redirect(target, code=303)


@bp.get("/at/<affiliation>")
@policy(signed_in)
def edit(affiliation: str) -> ResponseReturnValue:
    mine = _mine_or_404(affiliation)
    today = to_local(utcnow(), site_of(db.session()).zone).date()
    return _edit_page(mine, RoleForm(formdata=None, role=mine.role), LeaveForm.until(today))


@bp.post("/at/<affiliation>")
@policy(signed_in)
def save_role(affiliation: str) -> ResponseReturnValue:
    mine, form = _mine_or_404(affiliation), RoleForm()
    if not form.validate():
        today = to_local(utcnow(), site_of(db.session()).zone).date()
        return _edit_page(mine, form, LeaveForm.until(today)), 422
    try:
        with unit_of_work(db.session):
            affiliations.change_role(
                db.session,
                key=affiliation,
                role=form.role.data or "",
                person_id=require_person().id,
                now=utcnow(),
            )
    except HasLeft as refusal:
        flash(refusal.message, "warning")
    else:
        flash("Saved.", "success")
    return redirect(url_for(".index"), code=303)


@bp.post("/at/<affiliation>/leave")
@policy(signed_in)
def leave(affiliation: str) -> ResponseReturnValue:
    mine, form, now = _mine_or_404(affiliation), LeaveForm(), utcnow()
    role_form = RoleForm(formdata=None, role=mine.role)
    if not form.validate():
        return _edit_page(mine, role_form, form), 422
    try:
        with unit_of_work(db.session):
            assert form.on.day is not None  # Its validators saw to it.
            affiliations.end(
                db.session,
                key=affiliation,
                on=form.on.day,
                person_id=require_person().id,
                actor=actor(),
                now=now,
            )
    except EndsBeforeItStarts as refusal:
        form.on.errors = [refusal.message]
        return _edit_page(mine, role_form, form), 422
    except HasLeft:
        pass  # Sent twice: it is noted.
    flash(f"Noted when you leave {mine.name}.", "success")
    return redirect(url_for(".index"), code=303)


def _page(own_form: OwnWordsForm | None = None) -> str:
    session = db.session()
    person = as_it_is_now(session, require_person().id)
    places = workplaces(session, person.id, at=utcnow())
    asked = request.args.get("q")
    words = clean((asked or "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    if asked is None and not places:
        words = person.organisation  # What they wrote of themselves may be in the register.
    return render_template(
        "account/organisations.html",
        person=person,
        places=places,
        words=words,
        asked=asked is not None,
        found=matching(session, words, most=MOST_FOUND),
        there={place.organisation_key for place in places if place.ends_on is None},
        own_form=own_form or OwnWordsForm(formdata=None, organisation=person.organisation),
    )


def _organisation_or_404(key: str) -> Organisation:
    return find_organisation(db.session(), key) or abort(404)


def _mine_or_404(key: str) -> Workplace:
    places = workplaces(db.session(), require_person().id, at=utcnow())
    return next((place for place in places if place.key == key), None) or abort(404)


def _add_page(found: Organisation, form: AffiliationForm) -> str:
    return render_template("account/organisation_add.html", one=page_of(found), form=form)


def _edit_page(mine: Workplace, form: RoleForm, leave_form: LeaveForm) -> str:
    return render_template(
        "account/organisation_edit.html", place=mine, form=form, leave_form=leave_form
    )
