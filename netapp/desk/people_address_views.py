"""Another email address for somebody: it moves where their mail and codes go."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.desk.people_forms import AddressForm
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.people.addresses import shown
from netapp.people.errors import AddressTaken, SameAddress
from netapp.people.models import Person
from netapp.people.queries import find_by_address, find_person
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy
from netapp.workflows import change_address as workflow

bp = Blueprint("desk_people_address", __name__, url_prefix="/desk/people/<key>/address")

CHANGED_MEANWHILE = "Somebody changed this person meanwhile. Look at it, then send it again."


@bp.get("")
@policy(coordinator, again=True)
def ask(key: str) -> ResponseReturnValue:
    """A page of its own, so that whoever is asked for proof again has typed nothing yet."""
    found = _person_or_404(key)
    return _page(found, AddressForm(formdata=None, version=str(found.version)))


@bp.post("")
@policy(coordinator, again=True)
def change(key: str) -> ResponseReturnValue:
    found, form, now = _person_or_404(key), AddressForm(), utcnow()
    if not form.validate():
        return _page(found, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"person.address:{key}", now):
                return redirect(earlier.result, code=303)
            workflow.change_address(
                db.session,
                key=key,
                version=form.version.number,
                email=form.email.address,
                reason=form.reason.data,
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for("desk_people.person", key=key))
    except AddressTaken as refusal:
        form.email.errors = [refusal.message]
        known = find_by_address(db.session(), form.email.address)
        return _page(_person_or_404(key), form, known), 422
    except SameAddress as refusal:
        form.email.errors = [refusal.message]
        return _page(_person_or_404(key), form), 422
    except StaleEdit:
        found = _person_or_404(key)
        form.version.data, form.email.errors = str(found.version), [CHANGED_MEANWHILE]
        return _page(found, form), 409
    flash("The address is changed. Both addresses are told by email.", "success")
    return redirect(target, code=303)


def _person_or_404(key: str) -> Person:
    found = find_person(db.session(), key)
    return found if found and not found.is_gone else abort(404)


def _page(found: Person, form: AddressForm, known: Person | None = None) -> str:
    """``known``: who has the address that was typed."""
    return render_template(
        "desk/people/address.html",
        person=found,
        address=shown(found.email),
        form=form,
        known=known,
    )
