"""Checks on people, for those who look after them; the network's contact, for coordinators."""

from datetime import date

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.pages import page_number
from netapp.kernel.site import site_of
from netapp.kernel.text import clean
from netapp.kernel.zones import to_local
from netapp.people.models import Person
from netapp.people.queries import find_person
from netapp.people.session import actor
from netapp.safeguarding.errors import DueBeforeSeen, NobodyToReach, SeenInFuture
from netapp.safeguarding.forms import CheckForm, ContactForm
from netapp.safeguarding.operations import checks, contacts
from netapp.safeguarding.policies import due_again
from netapp.safeguarding.queries import (
    check_kinds,
    checks_of,
    checks_page,
    network_contact,
    people_named,
)
from netapp.web import once
from netapp.web.policy import coordinator, policy, safeguarding_lead

bp = Blueprint("desk_safeguarding", __name__, url_prefix="/desk/safeguarding")

LONGEST_SEARCH = 100


@bp.get("")
@policy(safeguarding_lead)
def index() -> ResponseReturnValue:
    words = clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    return render_template(
        "desk/safeguarding/index.html",
        page=checks_page(db.session(), number=page_number(request.args.get("page")), now=utcnow()),
        words=words,
        found=people_named(db.session(), words),
    )


@bp.get("/people/<key>")
@policy(safeguarding_lead)
def person(key: str) -> ResponseReturnValue:
    kinds = check_kinds(db.session())
    return _person_page(_person_or_404(key), CheckForm.new(kinds, _today()))


@bp.post("/people/<key>")
@policy(safeguarding_lead)
def note(key: str) -> ResponseReturnValue:
    kinds, now = check_kinds(db.session()), utcnow()
    found, form = _person_or_404(key), CheckForm(kinds=kinds)
    if not form.validate():
        return _person_page(found, form), 422
    assert form.seen_on.day is not None  # Its validators saw to it.
    (kind,) = [each for each in kinds if each.slug == form.kind.data]
    target = url_for(".person", key=key)
    try:
        with unit_of_work(db.session):
            if once.begin(f"check.note:{key}", now) is None:
                checks.note_check(
                    db.session(),
                    person_key=key,
                    kind=kind.slug,
                    seen_on=form.seen_on.day,
                    due_on=form.due_on.day or due_again(kind, form.seen_on.day),
                    actor=actor(),
                    now=now,
                )
                once.finish(target)
    except SeenInFuture as refusal:
        form.seen_on.errors = [refusal.message]
    except DueBeforeSeen as refusal:
        form.due_on.errors = [refusal.message]
    else:
        flash("It is noted.", "success")
        return redirect(target, code=303)
    return _person_page(_person_or_404(key), form), 422


@bp.post("/checks/<check>/remove")
@policy(safeguarding_lead)
def remove(check: str) -> ResponseReturnValue:
    with unit_of_work(db.session):
        if earlier := once.begin(f"check.remove:{check}", utcnow()):
            return redirect(earlier.result, code=303)
        of = checks.remove_check(db.session(), key=check, actor=actor(), now=utcnow())
        target = once.finish(url_for(".person", key=of.key))
    flash("It is taken away.", "success")
    return redirect(target, code=303)


@bp.get("/contact")
@policy(coordinator)
def contact() -> ResponseReturnValue:
    return _contact_page(ContactForm.of(network_contact(db.session())))


@bp.post("/contact")
@policy(coordinator)
def save_contact() -> ResponseReturnValue:
    form, now = ContactForm(), utcnow()
    if not form.validate():
        return _contact_page(form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin("safeguarding.contact", now):
                return redirect(earlier.result, code=303)
            contacts.set_contact(
                db.session(),
                event_id=None,
                reach=form.reach(),
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for("safeguarding.show"))
    except NobodyToReach as refusal:
        form.phone.errors = [refusal.message]
        return _contact_page(form), 422
    except StaleEdit:
        kept = network_contact(db.session())
        form.version.data = str(kept.version if kept else 0)
        return _contact_page(form, kept=kept), 409
    flash("Saved. It stands on every page from now on.", "success")
    return redirect(target, code=303)


def _person_or_404(key: str) -> Person:
    found = find_person(db.session(), key)
    return found if found and not found.is_gone else abort(404)


def _today() -> date:
    return to_local(utcnow(), site_of(db.session()).zone).date()


def _person_page(found: Person, form: CheckForm) -> str:
    lines = checks_of(db.session(), found.id, utcnow())
    return render_template("desk/safeguarding/person.html", person=found, form=form, lines=lines)


def _contact_page(form: ContactForm, kept: object = None) -> str:
    return render_template("desk/safeguarding/contact.html", form=form, kept=kept)
