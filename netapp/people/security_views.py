"""How I sign in: an app for codes, recovery codes; passkeys are in passkey_views."""

from urllib.parse import quote

import segno
from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.site import site_of
from netapp.people import sign_ins as browser
from netapp.people.errors import (
    NothingToConfirm,
    SecondFactorNeeded,
    TooManySecondTries,
    WrongSecondFactor,
)
from netapp.people.forms import SecondCodeForm
from netapp.people.operations import authenticators, recovery, second_factor, second_step
from netapp.people.second_factors import second_factors_of
from netapp.people.session import require_person
from netapp.web.policy import policy, signed_in
from netapp.web.redirects import safe_path

bp = Blueprint("security", __name__, url_prefix="/account/security")


@bp.get("")
@policy(signed_in)
def show() -> ResponseReturnValue:
    person = require_person()
    return render_template(
        "account/security.html",
        person=person,
        factors=second_factors_of(db.session(), person.id),
        next=asked_for(),
    )


@bp.post("/app")
@policy(signed_in, again=True)
def begin_app() -> ResponseReturnValue:
    with unit_of_work(db.session):
        authenticators.begin(db.session, person=require_person(), now=utcnow())
    return redirect(url_for(".app", next=asked_for() or None), code=303)


@bp.get("/app")
@policy(signed_in, again=True)
def app() -> ResponseReturnValue:
    return _app_page(SecondCodeForm(formdata=None))


@bp.post("/app/confirm")
@policy(signed_in, again=True)
def confirm_app() -> ResponseReturnValue:
    form, here, now = SecondCodeForm(), browser.here(), utcnow()
    if not form.validate():
        return _app_page(form, status=422)
    try:
        with unit_of_work(db.session):
            second_step.count_try(db.session, person_id=here.person.id, now=now)
        with unit_of_work(db.session):
            code = second_step.plain(form.code.data)
            authenticators.confirm(db.session, person_id=here.person.id, code=code, now=now)
            second_step.forget_tries(db.session, person_id=here.person.id)
            token, codes = second_factor.added(
                db.session,
                person=here.person,
                what="An app for codes",
                sign_in_id=here.sign_in_id,
                now=now,
            )
    except WrongSecondFactor as refusal:
        form.code.errors = [refusal.message]
        return _app_page(form, status=422)
    except TooManySecondTries as refusal:
        form.code.errors = [refusal.message]
        return _app_page(form, status=429)
    except NothingToConfirm as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for(".show", next=asked_for() or None), code=303)
    return added_page("The app works. You are signed out everywhere else.", token, codes)


@bp.post("/app/remove")
@policy(signed_in, again=True)
def remove_app() -> ResponseReturnValue:
    try:
        with unit_of_work(db.session):
            second_factor.remove_authenticator(db.session, person=require_person(), now=utcnow())
    except SecondFactorNeeded as refusal:
        flash(refusal.message, "error")
    else:
        flash("The app is removed. Its codes work here no more.", "success")
    return redirect(url_for(".show"), code=303)


@bp.post("/recovery-codes")
@policy(signed_in, again=True)
def new_codes() -> ResponseReturnValue:
    """The one answer that shows them. Sent twice, the second answer holds those that work."""
    person, now = require_person(), utcnow()
    if not person.has_second_factor:
        return redirect(url_for(".show"), code=303)
    with unit_of_work(db.session):
        codes = recovery.make_codes(db.session, person_id=person.id, now=now)
        what = "New recovery codes were made"
        second_factor.tell(
            db.session, person=person, action="second_factor.codes", what=what, now=now
        )
    return codes_page(codes)


def asked_for() -> str:
    """Where they wanted to go when they were led here, if that is ours."""
    return safe_path(request.values.get("next"), fallback="")


def added_page(done: str, token: str, codes: list[str]) -> ResponseReturnValue:
    """After a second factor was added: the recovery codes, if they are the first; then on."""
    flash(done, "success")
    if codes:
        return browser.remember(make_response(codes_page(codes)), token)
    target = asked_for() or url_for("security.show")
    return browser.remember(make_response(redirect(target, code=303)), token)


def codes_page(codes: list[str]) -> str:
    site = site_of(db.session())
    title = f"Recovery codes for {site.name}, {site.base_url}"
    lines = "\r\n".join([title, "Each works once.", "", *codes, ""])
    return render_template(
        "account/recovery_codes.html",
        codes=codes,
        file="data:text/plain;charset=utf-8," + quote(lines),
        next=asked_for() or url_for("security.show"),
    )


def _app_page(form: SecondCodeForm, *, status: int = 200) -> ResponseReturnValue:
    person = require_person()
    seed = authenticators.new_seed(db.session(), person_id=person.id)
    if seed is None:
        return redirect(url_for(".show", next=asked_for() or None), code=303)
    address = authenticators.address_of(db.session(), seed, person=person)
    page = render_template(
        "account/app.html",
        form=form,
        next=asked_for(),
        picture=segno.make(address, error="m").svg_data_uri(scale=5, border=4),
        seed=" ".join(seed[at : at + 4] for at in range(0, len(seed), 4)),
    )
    return page, status
