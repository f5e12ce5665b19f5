"""Passkeys: the questions a browser passes on to them, and what they answer.

The script of the page (static/js/passkeys.js) fetches the question as JSON and sends the answer as
a form, so what follows is a page like after any other form.
"""

import logging

from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.text import clean
from netapp.people import sign_ins as browser
from netapp.people.again_views import proved
from netapp.people.errors import PasskeyRefused, SecondFactorNeeded, SecondStepEnded
from netapp.people.models import Person
from netapp.people.operations import passkeys, second_factor, second_step, sign_ins
from netapp.people.second_step_views import begin_again, half_way_in, landing
from netapp.people.security_views import added_page, asked_for
from netapp.people.session import require_person
from netapp.web import once
from netapp.web.policy import everyone, policy, signed_in

bp = Blueprint("passkeys", __name__)
log = logging.getLogger(__name__)

NAME_LENGTH = 60
NOT_FOUND = '{"error": "not here"}'


@bp.post("/account/security/passkeys/options")
@policy(signed_in, again=True)
def options_to_add() -> ResponseReturnValue:
    with unit_of_work(db.session):
        options = passkeys.options_to_add(
            db.session, person=require_person(), browser=once.browser_hash(), now=utcnow()
        )
    return _json(options)


@bp.post("/account/security/passkeys")
@policy(signed_in, again=True)
def add() -> ResponseReturnValue:
    here, now = browser.here(), utcnow()
    name = clean(request.form.get("name", "")[:NAME_LENGTH], max_length=NAME_LENGTH * 4)
    challenge = _challenge(passkeys.ADD)
    try:
        with unit_of_work(db.session):
            passkeys.add(
                db.session,
                person=here.person,
                name=name[:NAME_LENGTH] or browser.this_device(),
                answer=_answer(),
                challenge=challenge,
                now=now,
            )
            token, codes = second_factor.added(
                db.session,
                person=here.person,
                what="A passkey",
                sign_in_id=here.sign_in_id,
                now=now,
            )
    except PasskeyRefused as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("security.show", next=asked_for() or None), code=303)
    return added_page("The passkey works. You are signed out everywhere else.", token, codes)


@bp.post("/account/security/passkeys/<key>/remove")
@policy(signed_in, again=True)
def remove(key: str) -> ResponseReturnValue:
    try:
        with unit_of_work(db.session):
            second_factor.remove_passkey(db.session, person=require_person(), key=key, now=utcnow())
    except SecondFactorNeeded as refusal:
        flash(refusal.message, "error")
    else:
        flash("The passkey is removed. It works here no more.", "success")
    return redirect(url_for("security.show"), code=303)


@bp.post("/sign-in/passkey/options")
@policy(everyone)
def options_to_sign_in() -> ResponseReturnValue:
    now = utcnow()
    with unit_of_work(db.session):
        client = browser.client_address()
        within = passkeys.count_challenge(db.session, client=client, now=now)
    if not within:
        return _json('{"error": "too many"}', status=429)
    return _options_to_use(passkeys.SIGN_IN, None)


@bp.post("/sign-in/passkey")
@policy(everyone)
def sign_in() -> ResponseReturnValue:
    """A passkey that has verified its owner is both factors at once."""
    now, challenge = utcnow(), _challenge(passkeys.SIGN_IN)
    try:
        with unit_of_work(db.session):
            person = passkeys.use(db.session, answer=_answer(), challenge=challenge, now=now)
            token = sign_ins.begin(
                db.session,
                person_id=person.id,
                device=browser.this_device(),
                replaces=browser.current_token(),
                is_strong=True,
                now=now,
            )
            target = landing(person)
    except PasskeyRefused as refusal:
        log.warning("sign-in refused: passkey")
        flash(refusal.message, "error")
        return redirect(url_for("sign_in.show", next=asked_for() or None), code=303)
    return browser.remember(make_response(redirect(target, code=303)), token)


@bp.post("/sign-in/second-step/passkey/options")
@policy(everyone)
def options_for_second_step() -> ResponseReturnValue:
    person = half_way_in()
    return _options_to_use(passkeys.SECOND_STEP, person) if person else _json(NOT_FOUND, status=404)


@bp.post("/sign-in/second-step/passkey")
@policy(everyone)
def finish_second_step() -> ResponseReturnValue:
    now, challenge, person = utcnow(), _challenge(passkeys.SECOND_STEP), half_way_in()
    if person is None:
        return begin_again()
    try:
        with unit_of_work(db.session):
            passkeys.use(
                db.session, answer=_answer(), challenge=challenge, person_id=person.id, now=now
            )
            token = second_step.finish(
                db.session,
                browser.second_step_token(),
                device=browser.this_device(),
                replaces=browser.current_token(),
                now=now,
            )
            target = landing(person)
    except PasskeyRefused as refusal:
        log.warning("second step refused: passkey")
        flash(refusal.message, "error")
        return redirect(url_for("second_step.show", next=asked_for() or None), code=303)
    except SecondStepEnded:
        return begin_again()
    return browser.remember(make_response(redirect(target, code=303)), token)


@bp.post("/account/again/passkey/options")
@policy(signed_in)
def options_to_prove() -> ResponseReturnValue:
    return _options_to_use(passkeys.AGAIN, require_person())


@bp.post("/account/again/passkey")
@policy(signed_in)
def prove() -> ResponseReturnValue:
    here, now, challenge = browser.here(), utcnow(), _challenge(passkeys.AGAIN)
    try:
        with unit_of_work(db.session):
            passkeys.use(
                db.session,
                answer=_answer(),
                challenge=challenge,
                person_id=here.person.id,
                now=now,
            )
            token = sign_ins.renew(db.session, sign_in_id=here.sign_in_id, now=now)
    except PasskeyRefused as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("again.show", next=asked_for() or None), code=303)
    return proved(token)


def _options_to_use(purpose: str, person: Person | None) -> Response:
    with unit_of_work(db.session):
        options = passkeys.options_to_use(
            db.session,
            purpose=purpose,
            person_id=person.id if person else None,
            browser=once.browser_hash(),
            now=utcnow(),
        )
    return _json(options)


def _challenge(purpose: str) -> bytes | None:
    with unit_of_work(db.session):
        return passkeys.take_challenge(
            db.session, purpose=purpose, browser=once.browser_hash(), now=utcnow()
        )


def _answer() -> str:
    return request.form.get("answer", "")


def _json(text: str, *, status: int = 200) -> Response:
    return Response(text, status, content_type="application/json")
