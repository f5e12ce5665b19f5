"""Links in mail: a new password, an account. Opening one only shows a button."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people import sign_ins as browser
from netapp.people.errors import LinkEnded, PasswordRefused, TooManyMails
from netapp.people.forms import ForgottenForm, NewPasswordForm, WelcomeForm
from netapp.people.operations import accounts, second_step
from netapp.people.operations.links import RESET, WELCOME_PURPOSES
from netapp.people.queries import OpenLink, is_coordinator, open_link
from netapp.web import once
from netapp.web.policy import everyone, link_holder, policy

bp = Blueprint("links", __name__)


@bp.get("/reset-password")
@policy(everyone)
def forgotten() -> ResponseReturnValue:
    return render_template(
        "people/forgotten.html", form=ForgottenForm(formdata=None), sent="sent" in request.args
    )


@bp.post("/reset-password")
@policy(everyone)
def send_reset() -> ResponseReturnValue:
    form = ForgottenForm()
    if not form.validate():
        return render_template("people/forgotten.html", form=form, sent=False), 422
    now, client = utcnow(), browser.client_address()
    with unit_of_work(db.session):
        within = accounts.count_reset(db.session, email=form.email.address, client=client, now=now)
    if not within:
        form.email.errors = [TooManyMails.message]
        page = render_template("people/forgotten.html", form=form, sent=False)
        return page, 429, {"Retry-After": "3600"}
    with unit_of_work(db.session):
        if not _sent_before("reset"):
            accounts.ask_for_reset(
                db.session, email=form.email.address, device=browser.this_device(), now=now
            )
    return redirect(url_for(".forgotten", sent=1), code=303)


def _sent_before(purpose: str) -> bool:
    if once.FIELD not in request.form:
        return False
    if once.begin(purpose, utcnow()):
        return True
    once.finish(url_for(".forgotten", sent=1))
    return False


@bp.get("/reset-password/<token>")
@policy(link_holder)
def reset(token: str) -> ResponseReturnValue:
    return _reset_page(token, NewPasswordForm(formdata=None))


@bp.post("/reset-password/<token>")
@policy(link_holder)
def do_reset(token: str) -> ResponseReturnValue:
    form = NewPasswordForm()
    if not form.validate():
        return _reset_page(token, form, status=422)
    try:
        with unit_of_work(db.session):
            accounts.reset_password(db.session, token, password=form.password.data, now=utcnow())
    except PasswordRefused as refusal:
        form.password.errors = [refusal.reason]
        return _reset_page(token, form, status=422)
    except LinkEnded:
        return _ended_page(reset=True)
    flash("Your password is changed. Sign in with the new one.", "success")
    return redirect(url_for("sign_in.show"), code=303)


@bp.get("/welcome/<token>")
@policy(link_holder)
def welcome(token: str) -> ResponseReturnValue:
    whose = open_link(db.session, token, purposes=WELCOME_PURPOSES, now=utcnow())
    if whose is None:
        return _ended_page(reset=False)
    form = WelcomeForm(formdata=None, name="" if whose.name == whose.email else whose.name)
    return _welcome_page(token, whose, form)


@bp.post("/welcome/<token>")
@policy(link_holder)
def accept(token: str) -> ResponseReturnValue:
    form, now = WelcomeForm(), utcnow()
    whose = open_link(db.session, token, purposes=WELCOME_PURPOSES, now=now)
    if whose is None:
        return _ended_page(reset=False)
    if not form.validate():
        return _welcome_page(token, whose, form, status=422)
    try:
        with unit_of_work(db.session):
            person = accounts.accept_invitation(
                db.session, token, name=form.name.data, password=form.password.data, now=now
            )
            entry = second_step.enter(
                db.session,
                person_id=person.id,
                device=browser.this_device(),
                replaces=browser.current_token(),
                now=now,
            )
            target = "/desk" if is_coordinator(db.session, person.id) else "/account"
    except PasswordRefused as refusal:
        form.password.errors = [refusal.reason]
        return _welcome_page(token, whose, form, status=422)
    except LinkEnded:
        return _ended_page(reset=False)
    if entry.is_complete:
        flash("Welcome. Your account is open and you are signed in.", "success")
    return browser.enter(entry, target)


def _reset_page(token: str, form: NewPasswordForm, *, status: int = 200) -> ResponseReturnValue:
    whose = open_link(db.session, token, purposes=[RESET], now=utcnow())
    if whose is None:
        return _ended_page(reset=True)
    return render_template("people/reset.html", form=form, whose=whose), status


def _welcome_page(
    token: str, whose: OpenLink, form: WelcomeForm, *, status: int = 200
) -> ResponseReturnValue:
    return render_template("people/welcome.html", form=form, whose=whose), status


def _ended_page(*, reset: bool) -> ResponseReturnValue:
    """Alike for a link that was used, replaced, is too old, or never was."""
    return render_template("people/link_ended.html", reset=reset), 410
