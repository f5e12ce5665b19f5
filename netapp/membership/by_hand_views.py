"""A membership is given and ended by a coordinator's hand: of a person, or of an organisation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError, NotFound
from netapp.membership.by_hand_forms import EndForm, GrantForm
from netapp.membership.errors import AlreadyMember, EndsBeforeItStarts
from netapp.membership.models import Holder, MembershipKind
from netapp.membership.operations import ending, giving
from netapp.membership.operations.granting import HeldBy
from netapp.membership.queries.ending import Ending, ending_of
from netapp.membership.queries.kinds import costs, kinds_for
from netapp.membership.queries.terms import today_of
from netapp.organisations.queries.one import find_organisation
from netapp.people.queries import find_person
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_terms_by_hand", __name__, url_prefix="/desk")

TWICE: Final = {
    Holder.PERSON: AlreadyMember.message,
    Holder.ORGANISATION: "It is a member on those days already. End that term first.",
}


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who gets it; ``back`` is their page, ``action`` where the form is sent."""

    holder: Holder
    held_by: HeldBy
    key: str
    name: str
    back: str
    action: str


@bp.get("/people/<key>/memberships")
@policy(coordinator)
def show_to_person(key: str) -> ResponseReturnValue:
    return _page(_person(key), _empty_form(Holder.PERSON.value))


@bp.post("/people/<key>/memberships")
@policy(coordinator)
def give_to_person(key: str) -> ResponseReturnValue:
    return _give(_person(key))


@bp.post("/organisations/<key>/membership")
@policy(coordinator)
def give_to_organisation(key: str) -> ResponseReturnValue:
    return _give(_organisation(key))


@bp.get("/membership/terms/<membership>/end")
@policy(coordinator)
def ask_to_end(membership: str) -> ResponseReturnValue:
    return _end_page(_ending(membership), EndForm(formdata=None))


@bp.post("/membership/terms/<membership>/end")
@policy(coordinator)
def end(membership: str) -> ResponseReturnValue:
    found, form, now = _ending(membership), EndForm(), utcnow()
    if not form.validate():
        return _end_page(found, form), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"membership.end:{membership}"[:80], now):
                return redirect(earlier.result, code=303)
            ending.end_by_hand(
                db.session(), key=membership, reason=form.reason.data, actor=actor(), now=now
            )
            once.finish(found.back)
    except NotFound:
        raise
    except DomainError as refusal:
        flash(str(refusal), "error")
    else:
        told = "its contacts are" if found.is_of_organisation else "they are"
        flash(f"The membership has ended, and {told} told by email.", "success")
    return redirect(found.back, code=303)


def _give(to: Receiver) -> ResponseReturnValue:
    form, now = GrantForm(kinds=_kinds(to.holder)), utcnow()
    if not form.validate():
        return _page(to, form), 422
    try:
        with unit_of_work(db.session):
            assert form.starts_on.day is not None  # Its validators saw to it.
            if earlier := once.begin(f"membership.grant:{to.key}", now):
                return redirect(earlier.result, code=303)
            held = giving.give(
                db.session(),
                holder=to.held_by,
                kind=form.kind.data,
                starts_on=form.starts_on.day,
                ends_on=form.last_day,
                note=form.note.data or "",
                actor=actor(),
                now=now,
            )
            target = to.back
            if costs(db.session(), held.kind_id):
                target = url_for("desk_invoice_by_hand.show", membership=held.key)
            once.finish(target)
    except EndsBeforeItStarts as refusal:
        form.ends_on.errors = [refusal.message]
    except AlreadyMember:
        form.starts_on.errors = [TWICE[to.holder]]
    else:
        told = "They get" if to.holder is Holder.PERSON else "Its contacts get"
        flash(f"{to.name} is a member. {told} a mail.", "success")
        return redirect(target, code=303)
    return _page(to, form), 422


def _person(key: str) -> Receiver:
    """Whoever has gone for good, or turned out to be another, is given nothing."""
    found = find_person(db.session(), key[:32])
    if found is None or found.is_gone or found.merged_into_id is not None:
        abort(404)
    back, action = f"/desk/people/{found.key}", url_for(".give_to_person", key=found.key)
    held_by = HeldBy(person_id=found.id)
    return Receiver(Holder.PERSON, held_by, found.key, found.name, back, action)


def _organisation(key: str) -> Receiver:
    found = find_organisation(db.session(), key[:32]) or abort(404)
    back, action = url_for("desk_seats.index", key=found.key), request.path
    held_by = HeldBy(organisation_id=found.id)
    return Receiver(Holder.ORGANISATION, held_by, found.key, found.name, back, action)


def _ending(membership: str) -> Ending:
    return ending_of(db.session(), membership[:32], at=utcnow()) or abort(404)


def _kinds(holder: Holder) -> Sequence[MembershipKind]:
    return kinds_for(db.session(), holder)


@bp.app_template_global("form_to_give_membership")
def _empty_form(holder: str) -> GrantForm:
    """Of a ``person`` or an ``organisation``: from today to the end of a term. For their pages."""
    return GrantForm.from_day(_kinds(Holder(holder)), today_of(db.session(), utcnow()))


def _page(to: Receiver, form: GrantForm) -> str:
    return render_template("desk/membership/give.html", to=to, form=form)


def _end_page(found: Ending, form: EndForm) -> str:
    return render_template("desk/membership/end.html", ending=found, form=form)
