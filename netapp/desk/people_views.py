"""The coordinators' pages about people: find, add, invite, role, lock."""

from datetime import datetime
from functools import partial
from typing import Protocol

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.audit.operations import Actor
from netapp.desk.people_forms import AddPersonForm, DetailsForm, LockForm
from netapp.desk.people_show_views import (
    changeable_or_404,
    person_or_404,
    person_page,
)
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import DbSession, unit_of_work
from netapp.kernel.errors import DomainError, NotFound, StaleEdit
from netapp.kernel.pages import page_number
from netapp.kernel.text import clean
from netapp.membership.queries.people_list import WHO, people_page
from netapp.people.errors import AddressTaken
from netapp.people.operations import desk, roles, second_factor
from netapp.people.queries import find_by_address
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_people", __name__, url_prefix="/desk/people")

LONGEST_SEARCH = 100


class Act(Protocol):
    """An operation that knows already whom it is about."""

    def __call__(self, session: DbSession, *, actor: Actor, now: datetime) -> object: ...


@bp.get("")
@policy(coordinator)
def people() -> ResponseReturnValue:
    words = clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    who = request.args.get("who", "everyone")
    page = people_page(
        db.session(),
        words=words,
        who=who if who in WHO else "everyone",
        number=page_number(request.args.get("page")),
        at=utcnow(),
    )
    return render_template("desk/people/index.html", page=page, words=words, who=who)


@bp.get("/new")
@policy(coordinator)
def new() -> ResponseReturnValue:
    return render_template("desk/people/new.html", form=AddPersonForm(formdata=None), known=None)


@bp.post("/new")
@policy(coordinator)
def add() -> ResponseReturnValue:
    form, now = AddPersonForm(), utcnow()
    if not form.validate():
        return render_template("desk/people/new.html", form=form, known=None), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("person.add", now):
                return redirect(earlier.result, code=303)
            person = desk.add_person(
                db.session,
                email=form.email.address,
                name=form.name.data,
                organisation=form.organisation.data,
                actor=actor(),
                now=now,
            )
            if form.invite.data:
                desk.invite(db.session, key=person.key, actor=actor(), now=now)
            target = once.finish(url_for(".person", key=person.key))
    except AddressTaken as refusal:
        form.email.errors = [refusal.message]
        known = find_by_address(db.session(), form.email.address)
        return render_template("desk/people/new.html", form=form, known=known), 422
    flash(f"{form.name.data} is added{' and invited' if form.invite.data else ''}.", "success")
    return redirect(target, code=303)


@bp.get("/<key>")
@policy(coordinator)
def person(key: str) -> ResponseReturnValue:
    found = person_or_404(key)
    return person_page(found)


@bp.post("/<key>")
@policy(coordinator)
def save(key: str) -> ResponseReturnValue:
    found, form = changeable_or_404(key), DetailsForm()
    if not form.validate():
        return person_page(found, details=form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"person.edit:{key}", utcnow()):
                return redirect(earlier.result, code=303)
            desk.edit_person(
                db.session,
                key=key,
                version=form.version.number,
                name=form.name.data,
                organisation=form.organisation.data,
                actor=actor(),
                now=utcnow(),
            )
            target = once.finish(url_for(".person", key=key))
    except StaleEdit:
        kept = person_or_404(key)
        return render_template("desk/people/conflict.html", form=form, kept=kept), 409
    flash("The details are saved.", "success")
    return redirect(target, code=303)


@bp.post("/<key>/invite")
@policy(coordinator)
def invite(key: str) -> ResponseReturnValue:
    done = "The invitation is on its way. Its link works once, for 14 days."
    return _act(key, "person.invite", partial(desk.invite, key=key), done)


@bp.post("/<key>/coordinator")
@policy(coordinator, again=True)
def make_coordinator(key: str) -> ResponseReturnValue:
    done = "This person is a coordinator now."
    return _act(key, "role.grant", partial(roles.make_coordinator, key=key), done)


@bp.post("/<key>/coordinator/remove")
@policy(coordinator, again=True)
def remove_coordinator(key: str) -> ResponseReturnValue:
    done = "This person is not a coordinator now."
    return _act(key, "role.remove", partial(roles.remove_coordinator, key=key), done)


@bp.post("/<key>/safeguarding-lead")
@policy(coordinator, again=True)
def name_safeguarding_lead(key: str) -> ResponseReturnValue:
    done = "This person looks after safeguarding checks now."
    return _act(key, "lead.grant", partial(roles.name_safeguarding_lead, key=key), done)


@bp.post("/<key>/safeguarding-lead/end")
@policy(coordinator, again=True)
def end_safeguarding_lead(key: str) -> ResponseReturnValue:
    done = "This person does not look after safeguarding checks now."
    return _act(key, "lead.end", partial(roles.end_safeguarding_lead, key=key), done)


@bp.post("/<key>/second-factor/reset")
@policy(coordinator, again=True)
def reset_second_factor(key: str) -> ResponseReturnValue:
    form = LockForm()
    if not form.validate():
        flash("Shorten the reason to 200 characters.", "error")
        return redirect(url_for(".person", key=key), code=303)
    reset = partial(second_factor.reset, key=key, reason=form.reason.data)
    done = "Their second step is taken away. They are signed out everywhere, and told."
    return _act(key, "second_factor.reset", reset, done)


@bp.post("/<key>/lock")
@policy(coordinator)
def lock(key: str) -> ResponseReturnValue:
    form = LockForm()
    if not form.validate():
        flash("Shorten the reason to 200 characters.", "error")
        return redirect(url_for(".person", key=key), code=303)
    disable = partial(desk.disable, key=key, reason=form.reason.data)
    return _act(key, "person.lock", disable, "The account is locked, and signed out everywhere.")


@bp.post("/<key>/unlock")
@policy(coordinator)
def unlock(key: str) -> ResponseReturnValue:
    return _act(key, "person.unlock", partial(desk.enable, key=key), "The account is unlocked.")


def _act(key: str, name: str, act: Act, done: str) -> ResponseReturnValue:
    """One button: do it once, say how it went, go back to the person."""
    target, now = url_for(".person", key=key), utcnow()
    try:
        with unit_of_work(db.session):
            if once.begin(f"{name}:{key}", now) is None:
                act(db.session, actor=actor(), now=now)
                once.finish(target)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        flash(done, "success")
    return redirect(target, code=303)
