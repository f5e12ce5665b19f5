"""Put right in place what is known of somebody, and undo it from the same page."""

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.desk.people_forms import TermForm, WorkForm, work_fingerprint
from netapp.desk.people_show_views import (
    changeable_or_404,
    kinds_of_people,
    person_or_404,
    person_page,
)
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.membership.errors import AlreadyMember
from netapp.membership.errors import EndsBeforeItStarts as TermEndsBefore
from netapp.membership.operations.correcting import correct_term
from netapp.membership.queries.people_list import memberships_of
from netapp.organisations.errors import EndsBeforeItStarts, WorksThere
from netapp.organisations.operations.correcting import correct_work
from netapp.organisations.queries.people import workplaces
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy
from netapp.workflows.undo_change import undo_change

bp = Blueprint("desk_people_edit", __name__, url_prefix="/desk/people/<key>")

CHANGED_MEANWHILE = "Somebody changed this meanwhile. Open it again, and look at what it says now."
UNDO_DONE = "Undone: it says again what it said before."


@bp.post("/memberships/<membership>")
@policy(coordinator)
def term(key: str, membership: str) -> ResponseReturnValue:
    found, now, target = changeable_or_404(key), utcnow(), url_for("desk_people.person", key=key)
    lines = {line.key: line for line in memberships_of(db.session(), found.id, at=now)}
    form = TermForm(key=membership, kinds=kinds_of_people())
    if membership not in lines:
        abort(404)
    if not form.validate():
        return person_page(found, terms={membership: form}), 422
    try:
        with unit_of_work(db.session):
            assert form.starts_on.day is not None  # Its validators saw to it.
            if earlier := once.begin(f"membership.correct:{membership}", now):
                return redirect(earlier.result, code=303)
            if form.base.data != lines[membership].fingerprint:
                flash(CHANGED_MEANWHILE, "error")
                return redirect(target, code=303)
            correct_term(
                db.session,
                key=membership,
                person_id=found.id,
                kind=form.kind.data,
                starts_on=form.starts_on.day,
                ends_on=form.ends_on.day,
                note=form.note.data or "",
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except TermEndsBefore as refusal:
        form.ends_on.errors = [refusal.message]
    except AlreadyMember as refusal:
        form.starts_on.errors = [refusal.message]
    else:
        flash("The membership is put right.", "success")
        return redirect(target, code=303)
    return person_page(person_or_404(key), terms={membership: form}), 422


@bp.post("/work/<affiliation>")
@policy(coordinator)
def work(key: str, affiliation: str) -> ResponseReturnValue:
    found, now, target = changeable_or_404(key), utcnow(), url_for("desk_people.person", key=key)
    places = {place.key: place for place in workplaces(db.session(), found.id, at=now)}
    form = WorkForm(key=affiliation)
    if affiliation not in places:
        abort(404)
    if not form.validate():
        return person_page(found, work={affiliation: form}), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"work.correct:{affiliation}", now):
                return redirect(earlier.result, code=303)
            if form.base.data != work_fingerprint(places[affiliation]):
                flash(CHANGED_MEANWHILE, "error")
                return redirect(target, code=303)
            correct_work(
                db.session,
                key=affiliation,
                person_id=found.id,
                role=form.role.data or "",
                starts_on=form.starts_on.day,
                ends_on=form.ends_on.day,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except (EndsBeforeItStarts, WorksThere) as refusal:
        form.ends_on.errors = [refusal.message]
    else:
        flash("Where they work is put right.", "success")
        return redirect(target, code=303)
    return person_page(person_or_404(key), work={affiliation: form}), 422


@bp.post("/changes/<change>/undo")
@policy(coordinator)
def undo(key: str, change: str) -> ResponseReturnValue:
    return _undo(key, change, is_address=False)


@bp.post("/address-changes/<change>/undo")
@policy(coordinator, again=True)
def undo_address(key: str, change: str) -> ResponseReturnValue:
    """As grave as changing it: it moves where their mail and codes go."""
    return _undo(key, change, is_address=True)


def _undo(key: str, change: str, *, is_address: bool) -> ResponseReturnValue:
    person_or_404(key)
    target, now = url_for("desk_people.person", key=key), utcnow()
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"person.undo:{change}", now):
                return redirect(earlier.result, code=303)
            undo_change(
                db.session,
                key=key,
                change_key=change,
                is_address=is_address,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        flash(UNDO_DONE, "success")
    return redirect(target, code=303)
