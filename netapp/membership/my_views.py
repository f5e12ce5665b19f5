"""My membership: how I belong, until when, one tap to renew or come back; what I asked for."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.words import day_words
from netapp.membership.invoice_views import pdf_answer
from netapp.membership.join_forms import BANDS, RenewForm
from netapp.membership.models import AgeBand
from netapp.membership.money import pounds
from netapp.membership.operations import granting
from netapp.membership.operations.renewing import renew as renew_term
from netapp.membership.policies import year_end_words
from netapp.membership.queries.applications import applications_of
from netapp.membership.queries.invoices import find_invoice, invoices_of
from netapp.membership.queries.mine import Way, my_membership
from netapp.membership.queries.still_true import is_due
from netapp.people.session import actor, require_person, viewer_id
from netapp.web import once
from netapp.web.policy import policy, signed_in

bp = Blueprint("my_membership", __name__, url_prefix="/account/membership")
bp.add_app_template_filter(pounds)
bp.add_app_template_filter(year_end_words)


@bp.get("")
@policy(signed_in)
def show() -> ResponseReturnValue:
    person, now = require_person(), utcnow()
    return render_template(
        "account/membership.html",
        mine=my_membership(db.session, person.id, at=now),
        applications=applications_of(db.session, person.id),
        still_true_due=is_due(db.session, person.id, now=now),
        invoices=invoices_of(db.session, person.id),
        bands=BANDS,
        has_left=request.args.get("done") == "left",
    )


@bp.post("/<key>/renew")
@policy(signed_in)
def renew(key: str) -> ResponseReturnValue:
    """Only what this page offers them: their own, or that of an organisation whose contact they
    are."""
    way, form, now, target = _way(key), RenewForm(), utcnow(), url_for(".show")
    if not form.validate():
        flash("Shorten your order number to 60 characters.", "error")
        return redirect(target, code=303)
    if not (way.is_own or way.is_contact):
        abort(404)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"membership.renew {key}", now):
                return redirect(earlier.result, code=303)
            held = renew_term(
                db.session,
                key=key,
                age_band=_band(form.age_band.data),
                order_number=form.order_number.data or "",
                actor=actor(),
                now=now,
            )
            until = day_words(held.ends_on) if held.ends_on else ""
            once.finish(target)
    except DomainError as refusal:
        flash(str(refusal), "warning")
    else:
        flash(f"Thank you. It runs to {until}." if until else "Thank you.", "success")
    return redirect(target, code=303)


@bp.post("/<key>/leave")
@policy(signed_in)
def leave(key: str) -> ResponseReturnValue:
    """Only what is one's own; what comes through an organisation is left on its page."""
    way, now, target = _way(key), utcnow(), url_for(".show", done="left")
    if not way.is_own:
        abort(404)
    try:
        with unit_of_work(db.session):
            if once.begin(f"membership.leave {key}", now) is None:
                granting.end(db.session, key=key, actor=actor(), now=now)
                once.finish(target)
    except DomainError as refusal:
        flash(str(refusal), "warning")
    else:
        flash("Your membership has ended. Your account and your bookings stay.", "success")
    return redirect(target, code=303)


@bp.get("/invoices/<key>.pdf")
@policy(signed_in)
def invoice(key: str) -> ResponseReturnValue:
    """One that was sent to them; of others it does not exist."""
    found = find_invoice(db.session, key[:32])
    if found is None or found.person_id != require_person().id:
        abort(404)
    return pdf_answer(found)


@bp.app_template_global()
def still_true_is_due() -> bool:
    """Whether whoever is signed in is to be asked for the yearly “still true”. For My page."""
    person_id = viewer_id()
    return person_id is not None and is_due(db.session, person_id, now=utcnow())


def _way(key: str) -> Way:
    """One of those that their page shows; else it does not exist."""
    mine = my_membership(db.session, require_person().id, at=utcnow())
    return next((way for way in mine.ways if way.key == key[:32]), None) or abort(404)


def _band(value: str | None) -> AgeBand | None:
    return AgeBand(value) if value in {band for band, _ in BANDS} else None
