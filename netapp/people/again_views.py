"""Before what is grave: show once more that it is you. It holds for ten minutes."""

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people import sign_ins as browser
from netapp.people.errors import (
    CodeEnded,
    CurrentPasswordWrong,
    TooManyMails,
    TooManySecondTries,
    TooManyTries,
    WrongCode,
    WrongSecondFactor,
)
from netapp.people.forms import AgainForm
from netapp.people.models import Person
from netapp.people.operations import again, codes
from netapp.people.queries import pending_code
from netapp.people.second_factors import second_factors_of
from netapp.people.second_step_views import demo_code
from netapp.people.session import require_person
from netapp.web import once
from netapp.web.policy import policy, signed_in
from netapp.web.redirects import safe_path

bp = Blueprint("again", __name__, url_prefix="/account/again")

TOO_MANY = (TooManySecondTries, TooManyTries)
WRONG = (WrongSecondFactor, CurrentPasswordWrong, WrongCode, CodeEnded)


@bp.get("")
@policy(signed_in)
def show() -> ResponseReturnValue:
    return _page(AgainForm(formdata=None))


@bp.post("")
@policy(signed_in)
def prove() -> ResponseReturnValue:
    """By what the person has: a second factor, else the password, else a code by email."""
    form, person, now = AgainForm(), require_person(), utcnow()
    if request.form.get("way") == "mail":
        return _mail_code(form, person)
    if not form.proof.data:
        form.proof.errors = ["Type it here."]
        return _page(form, status=422)
    try:
        with unit_of_work(db.session):
            again.count_try(db.session, person=person, browser=once.browser_hash(), now=now)
        with unit_of_work(db.session):
            token = again.prove(
                db.session,
                signed_in=browser.here(),
                proof=form.proof.data,
                browser=once.browser_hash(),
                now=now,
            )
    except TOO_MANY as refusal:
        form.proof.errors = [str(refusal)]
        return _page(form, status=429)
    except WRONG as refusal:
        form.proof.errors = [str(refusal)]
        return _page(form, status=422)
    return proved(token)


def proved(token: str) -> ResponseReturnValue:
    """On to where they were going."""
    flash("Thank you. Go on where you were; this holds for ten minutes.", "success")
    target = safe_path(request.values.get("next"), fallback="/account")
    return browser.remember(make_response(redirect(target, code=303)), token)


def _mail_code(form: AgainForm, person: Person) -> ResponseReturnValue:
    """For whoever has neither a second factor nor a password; others need no mail."""
    now = utcnow()
    if again.way_of(person) != again.BY_MAIL:
        return redirect(url_for(".show", next=_target() or None), code=303)
    with unit_of_work(db.session):
        client = browser.client_address()
        within = codes.count_mail(db.session, email=person.email, client=client, now=now)
    if not within:
        form.proof.errors = [TooManyMails.message]
        return _page(form, status=429)
    with unit_of_work(db.session):
        codes.ask_to_sign_in(
            db.session,
            email=person.email,
            browser=once.browser_hash(),
            device=browser.this_device(),
            again=True,
            now=now,
        )
    return redirect(url_for(".show", next=_target() or None), code=303)


def _target() -> str:
    return safe_path(request.values.get("next"), fallback="")


def _page(form: AgainForm, *, status: int = 200) -> ResponseReturnValue:
    person, now = require_person(), utcnow()
    page = render_template(
        "people/again.html",
        form=form,
        next=_target(),
        way=again.way_of(person),
        factors=second_factors_of(db.session(), person.id),
        mailed=pending_code(db.session(), browser=once.browser_hash(), now=now) is not None,
        demo_code=demo_code(person),
    )
    return (page, status, {"Retry-After": "900"}) if status == 429 else (page, status)
