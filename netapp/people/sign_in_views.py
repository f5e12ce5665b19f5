"""Signing in by code or password, making an account, signing out."""

import logging

from flask import (
    Blueprint,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people import sign_ins as browser
from netapp.people.addresses import shown
from netapp.people.errors import (
    CodeEnded,
    PasswordRefused,
    TooManyMails,
    TooManyTries,
    WrongCode,
    WrongPassword,
)
from netapp.people.forms import CodeForm, RegisterForm, SignInForm
from netapp.people.operations import accounts, codes, second_step, sign_ins
from netapp.people.operations.codes import REGISTER, Newcomer
from netapp.people.queries import is_coordinator, pending_code
from netapp.people.session import current_person
from netapp.web import once
from netapp.web.policy import everyone, policy
from netapp.web.redirects import safe_path

bp = Blueprint("sign_in", __name__)
log = logging.getLogger(__name__)

A_QUARTER, AN_HOUR = "900", "3600"  # In seconds.


@bp.get("/sign-in")
@policy(everyone)
def show() -> ResponseReturnValue:
    return _sign_in_page(SignInForm(formdata=None))


@bp.post("/sign-in")
@policy(everyone)
def send() -> ResponseReturnValue:
    """The button pressed says which way; return in a field means the way that is filled in."""
    form = SignInForm()
    way = request.form.get("way") or ("password" if form.password.data else "code")
    if not form.validate():
        return _sign_in_page(form), 422
    if way == "code":
        return _mail_code(form)
    if not form.password.data:
        form.password.errors = ["Type your password, or have a code emailed to you."]
        return _sign_in_page(form), 422
    return _try_password(form)


def _mail_code(form: SignInForm) -> ResponseReturnValue:
    now, client = utcnow(), browser.client_address()
    with unit_of_work(db.session):
        within = codes.count_mail(db.session, email=form.email.address, client=client, now=now)
    if not within:
        form.email.errors = [TooManyMails.message]
        return _sign_in_page(form), 429, {"Retry-After": AN_HOUR}
    with unit_of_work(db.session):
        if not _sent_before("sign-in code"):
            codes.ask_to_sign_in(
                db.session,
                email=form.email.address,
                browser=once.browser_hash(),
                device=browser.this_device(),
                now=now,
            )
    return redirect(_with_next(".code"), code=303)


def _try_password(form: SignInForm) -> ResponseReturnValue:
    """Three steps: count the try, compare (slow, so nothing is locked meanwhile), sign in."""
    now, client = utcnow(), browser.client_address()
    email, password = form.email.address, form.password.data
    with unit_of_work(db.session):
        within = sign_ins.count_password_try(db.session, email=email, client=client, now=now)
    if not within:
        log.warning("sign-in refused: too many tries")
        return _too_many(form)
    try:
        person = sign_ins.check_password(db.session, email=email, password=password)
        with unit_of_work(db.session):
            sign_ins.password_was_right(
                db.session,
                person_id=person.id,
                checked_hash=str(person.password_hash),
                password=password,
                client=client,
            )
            entry = second_step.enter(
                db.session,
                person_id=person.id,
                device=browser.this_device(),
                replaces=browser.current_token(),
                now=now,
            )
            target = _landing(person.id)
    except WrongPassword as refusal:
        log.warning("sign-in refused: wrong password")
        form.password.errors = [refusal.message]
        return _sign_in_page(form), 422
    return browser.enter(entry, target)


def _too_many(form: SignInForm) -> ResponseReturnValue:
    form.password.errors = [TooManyTries.message]
    return _sign_in_page(form), 429, {"Retry-After": A_QUARTER}


@bp.get("/sign-in/code")
@policy(everyone)
def code() -> ResponseReturnValue:
    return _code_page(CodeForm(formdata=None))


@bp.post("/sign-in/code")
@policy(everyone)
def use_code() -> ResponseReturnValue:
    form = CodeForm()
    if not form.validate():
        return _code_page(form, status=422)
    now, asking = utcnow(), once.browser_hash()
    try:
        with unit_of_work(db.session):
            left = codes.count_try(db.session, browser=asking, now=now)
        if not left:
            raise CodeEnded
        with unit_of_work(db.session):
            person_id = codes.use_code(db.session, browser=asking, code=form.digits, now=now)
            entry = second_step.enter(
                db.session,
                person_id=person_id,
                device=browser.this_device(),
                replaces=browser.current_token(),
                now=now,
            )
            target = _landing(person_id)
    except WrongCode as refusal:
        log.warning("sign-in refused: wrong code")
        form.code.errors = [refusal.message]
        return _code_page(form, status=422)
    except CodeEnded as refusal:
        flash(refusal.message, "warning")
        return redirect(_with_next(".show"), code=303)
    return browser.enter(entry, target)


@bp.post("/sign-out")
@policy(everyone)
def sign_out() -> ResponseReturnValue:
    token = browser.current_token()
    if token:
        with unit_of_work(db.session):
            sign_ins.end(db.session, token=token)
    answer = browser.forget(make_response(redirect("/", code=303)))
    flash("You are signed out.", "success")
    return answer


@bp.get("/register")
@policy(everyone)
def register() -> ResponseReturnValue:
    return _register_page(RegisterForm(formdata=None))


@bp.post("/register")
@policy(everyone)
def send_registration() -> ResponseReturnValue:
    form = RegisterForm()
    if not _registration_is_open():
        return _register_page(form), 403
    if not form.validate() or not _password_is_fine(form):
        return _register_page(form), 422
    now, client = utcnow(), browser.client_address()
    with unit_of_work(db.session):
        within = codes.count_mail(db.session, email=form.email.address, client=client, now=now)
    if not within:
        form.email.errors = [TooManyMails.message]
        return _register_page(form), 429, {"Retry-After": AN_HOUR}
    with unit_of_work(db.session):
        if not _sent_before("register"):
            codes.ask_to_register(
                db.session,
                email=form.email.address,
                newcomer=Newcomer(form.name.data, form.password.data),
                browser=once.browser_hash(),
                device=browser.this_device(),
                now=now,
            )
    return redirect(_with_next(".code"), code=303)


def _password_is_fine(form: RegisterForm) -> bool:
    if not form.password.data:
        return True
    try:
        accounts.check_new_password(
            db.session, form.password.data, name=form.name.data, email=form.email.address
        )
    except PasswordRefused as refusal:
        form.password.errors = [refusal.reason]
        return False
    return True


def _sent_before(purpose: str) -> bool:
    """Whether this very form was sent already: the second press of the button mails nothing."""
    if once.FIELD not in request.form:
        return False
    if once.begin(purpose, utcnow()):
        return True
    once.finish(url_for(".code"))
    return False


def _target() -> str:
    """The page to go on to, if one was asked for that is ours."""
    return safe_path(request.values.get("next"), fallback="")


def _with_next(endpoint: str) -> str:
    return url_for(endpoint, next=_target() or None)


def _landing(person_id: int) -> str:
    home = "/desk" if is_coordinator(db.session, person_id) else "/account"
    return _target() or home


def _registration_is_open() -> bool:
    return bool(current_app.extensions["settings"].open_registration)


def _sign_in_page(form: SignInForm) -> str:
    return render_template("people/sign_in.html", form=form, next=_target(), here=current_person())


def _register_page(form: RegisterForm) -> str:
    return render_template(
        "people/register.html", form=form, next=_target(), is_open=_registration_is_open()
    )


def _code_page(form: CodeForm, *, status: int = 200) -> ResponseReturnValue:
    pending = pending_code(db.session, browser=once.browser_hash(), now=utcnow())
    if pending is None:
        return redirect(_with_next(".show"), code=303)
    page = render_template(
        "people/code.html",
        form=form,
        next=_target(),
        email=pending.email,
        address=shown(pending.email),
        registering=pending.purpose == REGISTER,
    )
    return page, status
