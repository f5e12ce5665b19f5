"""My details, my password, and the browsers I am signed in with."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.people import sign_ins as browser
from netapp.people.addresses import shown
from netapp.people.errors import (
    CurrentPasswordWrong,
    PasswordRefused,
    SignInTooOld,
    TooManyTries,
)
from netapp.people.forms import ChangePasswordForm, DetailsForm
from netapp.people.operations import accounts, sign_ins
from netapp.people.queries import SignedIn, as_it_is_now, sign_ins_of
from netapp.people.session import require_person
from netapp.vocabulary.queries import areas
from netapp.web import once
from netapp.web.policy import policy, signed_in

bp = Blueprint("account", __name__, url_prefix="/account")

HOME = "/account"


@bp.get("/details")
@policy(signed_in)
def details() -> ResponseReturnValue:
    return _details_page(DetailsForm.of(require_person(), areas(db.session)))


@bp.post("/details")
@policy(signed_in)
def save_details() -> ResponseReturnValue:
    form, person, now = DetailsForm(areas=areas(db.session)), require_person(), utcnow()
    if not form.validate():
        return _details_page(form), 422
    try:
        with unit_of_work(db.session):
            earlier = once.begin("details", now)
            if earlier:
                return redirect(earlier.result, code=303)
            accounts.edit_details(
                db.session,
                person_id=person.id,
                version=form.version.number,
                name=form.name.data,
                organisation=form.organisation.data,
                area=form.area.data or "",
                invitations=form.invitations.data,
                now=now,
            )
            once.finish(HOME)
    except StaleEdit:
        now_kept = as_it_is_now(db.session, person.id)
        page = render_template("account/details_conflict.html", form=form, kept=now_kept)
        return page, 409
    flash("Your details are saved.", "success")
    return redirect(HOME, code=303)


@bp.get("/password")
@policy(signed_in)
def password() -> ResponseReturnValue:
    return _password_page(ChangePasswordForm(formdata=None))


@bp.post("/password")
@policy(signed_in)
def change_password() -> ResponseReturnValue:
    form, here, now = ChangePasswordForm(), _here(), utcnow()
    if not form.validate():
        return _password_page(form), 422
    try:
        with unit_of_work(db.session):
            accounts.count_current_password_try(db.session, person=here.person, now=now)
        with unit_of_work(db.session):
            accounts.change_password(
                db.session,
                signed_in=here,
                current=form.current.data,
                password=form.password.data,
                now=now,
            )
            token = sign_ins.begin(
                db.session,
                person_id=here.person.id,
                device=browser.this_device(),
                replaces=browser.current_token(),
                is_strong=here.person.has_second_factor,
                now=now,
            )
    except (CurrentPasswordWrong, TooManyTries) as refusal:
        form.current.errors = [refusal.message]
        return _password_page(form), 429 if isinstance(refusal, TooManyTries) else 422
    except PasswordRefused as refusal:
        form.password.errors = [refusal.reason]
        return _password_page(form), 422
    except SignInTooOld as refusal:
        flash(refusal.message, "warning")
        return redirect(url_for("sign_in.show", next=url_for(".password")), code=303)
    flash("Your password is changed. Everywhere else you are signed out.", "success")
    return browser.remember(make_response(redirect(HOME, code=303)), token)


@bp.get("/sign-ins")
@policy(signed_in)
def devices() -> ResponseReturnValue:
    here = _here()
    lines = sign_ins_of(db.session, here.person, here=here.key, now=utcnow())
    return render_template("account/sign_ins.html", lines=lines)


@bp.post("/sign-ins/<key>/end")
@policy(signed_in)
def end_device(key: str) -> ResponseReturnValue:
    here = _here()
    with unit_of_work(db.session):
        sign_ins.end_one(db.session, person_id=here.person.id, key=key)
    if key == here.key:
        return browser.forget(make_response(redirect("/", code=303)))
    flash("That browser is signed out.", "success")
    return redirect(url_for(".devices"), code=303)


@bp.post("/sign-ins/end-others")
@policy(signed_in)
def end_other_devices() -> ResponseReturnValue:
    here = _here()
    with unit_of_work(db.session):
        sign_ins.end_others(db.session, person_id=here.person.id, keep=here.key)
    flash("Every other browser is signed out.", "success")
    return redirect(url_for(".devices"), code=303)


def _here() -> SignedIn:
    found = browser.current_sign_in()
    assert found is not None  # The policy of the view saw to it.
    return found


def _details_page(form: DetailsForm) -> str:
    return render_template("account/details.html", form=form, address=shown(require_person().email))


def _password_page(form: ChangePasswordForm) -> str:
    here = _here()
    return render_template(
        "account/password.html",
        form=form,
        has_password=here.person.password_hash is not None,
        must_sign_in=here.person.password_hash is None and not here.is_fresh(utcnow()),
    )
