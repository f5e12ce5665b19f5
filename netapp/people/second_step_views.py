"""The second step of signing in: a code of the app, a recovery code, or a passkey."""

import logging

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.site import site_of
from netapp.people import sign_ins as browser
from netapp.people.errors import SecondStepEnded, TooManySecondTries, WrongSecondFactor
from netapp.people.forms import SecondCodeForm
from netapp.people.models import Person
from netapp.people.operations import authenticators, second_step
from netapp.people.queries import is_coordinator
from netapp.people.second_factors import second_factors_of, second_step_of
from netapp.web.policy import everyone, policy
from netapp.web.redirects import safe_path

bp = Blueprint("second_step", __name__, url_prefix="/sign-in/second-step")
log = logging.getLogger(__name__)

A_QUARTER = "900"  # In seconds.


@bp.get("")
@policy(everyone)
def show() -> ResponseReturnValue:
    return _page(SecondCodeForm(formdata=None))


@bp.post("")
@policy(everyone)
def use_code() -> ResponseReturnValue:
    form, now = SecondCodeForm(), utcnow()
    person = half_way_in()
    if person is None:
        return begin_again()
    if not form.validate():
        return _page(form, status=422)
    try:
        with unit_of_work(db.session):
            second_step.count_try(db.session, person_id=person.id, now=now)
        with unit_of_work(db.session):
            second_step.use_code(db.session, person=person, code=form.code.data, now=now)
            token = second_step.finish(
                db.session,
                browser.second_step_token(),
                device=browser.this_device(),
                replaces=browser.current_token(),
                now=now,
            )
            target = landing(person)
    except (WrongSecondFactor, TooManySecondTries) as refusal:
        log.warning("second step refused: %s", type(refusal).__name__)
        form.code.errors = [refusal.message]
        if isinstance(refusal, TooManySecondTries):
            return _page(form, status=429)
        return _page(form, status=422)
    except SecondStepEnded:
        return begin_again()
    return browser.remember(make_response(redirect(target, code=303)), token)


def half_way_in() -> Person | None:
    """Who gave a right password in this browser and has the second step still to do."""
    token = browser.second_step_token()
    return second_step_of(db.session(), token, now=utcnow()) if token else None


def begin_again() -> ResponseReturnValue:
    browser.forget_second_step()
    flash(SecondStepEnded.message, "warning")
    return redirect(url_for("sign_in.show", next=_target() or None), code=303)


def landing(person: Person) -> str:
    return _target() or ("/desk" if is_coordinator(db.session(), person.id) else "/account")


def _target() -> str:
    return safe_path(request.values.get("next"), fallback="")


def _page(form: SecondCodeForm, *, status: int = 200) -> ResponseReturnValue:
    person = half_way_in()
    if person is None:
        return redirect(url_for("sign_in.show", next=_target() or None), code=303)
    page = render_template(
        "people/second_step.html",
        form=form,
        next=_target(),
        factors=second_factors_of(db.session(), person.id),
        demo_code=demo_code(person),
    )
    return (page, status, {"Retry-After": A_QUARTER}) if status == 429 else (page, status)


def demo_code(person: Person) -> str:
    """The people of the demo have no phone: in demo mode, and for them alone, the page says the
    code."""
    if not (person.is_demo and site_of(db.session()).demo):
        return ""
    return authenticators.code_shown(db.session(), person_id=person.id, now=utcnow())
