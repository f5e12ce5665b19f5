"""The applicant's page of their application, and the page on which a referee answers."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.site import site_of
from netapp.membership.application_models import Application, RefereeView
from netapp.membership.errors import ReferenceEnded
from netapp.membership.join_forms import AnswerForm, RefereeForm, ReferenceForm
from netapp.membership.links import is_application_key
from netapp.membership.operations import deciding, references
from netapp.membership.queries.applications import as_applicant_sees, find_application
from netapp.people.session import viewer_id
from netapp.web import once
from netapp.web.policy import link_holder, policy

bp = Blueprint("applications", __name__, url_prefix="/join")

LONGEST_KEY: Final = 64
LONGEST_NAME: Final = 32


@bp.get("/applications/<name>")
@policy(link_holder)
def show(name: str) -> ResponseReturnValue:
    found = _opened(name)
    return _page(found) if found else _gone()


@bp.post("/applications/<name>/answer")
@policy(link_holder)
def answer(name: str) -> ResponseReturnValue:
    found, form = _opened(name), AnswerForm()
    if found is None:
        return _gone()
    if not form.validate():
        return _page(found, answer_form=form, status=422)
    now = utcnow()
    try:
        with unit_of_work(db.session):
            if once.begin(f"application.answer {found.key}", now) is None:
                deciding.answer(db.session, key=found.key, words=form.words.data, now=now)
                once.finish(_here(found))
    except DomainError as refusal:
        flash(refusal.message, "warning")
    else:
        flash("Thank you. A coordinator reads it and writes to you.", "success")
    return redirect(_here(found), code=303)


@bp.post("/applications/<name>/referee")
@policy(link_holder)
def referee(name: str) -> ResponseReturnValue:
    found, form = _opened(name), RefereeForm()
    if found is None:
        return _gone()
    if not form.validate():
        return _page(found, referee_form=form, status=422)
    now = utcnow()
    try:
        with unit_of_work(db.session):
            if once.begin(f"application.referee {found.key}", now) is None:
                references.ask_referee(
                    db.session,
                    key=found.key,
                    name=form.referee_name.data,
                    email=form.referee_email.address,
                    actor=None,
                    now=now,
                )
                once.finish(_here(found))
    except DomainError as refusal:
        form.referee_email.errors = [refusal.message]
        return _page(_opened(name) or found, referee_form=form, status=422)
    flash("Thank you. We have written to them.", "success")
    return redirect(_here(found), code=303)


@bp.post("/applications/<name>/withdraw")
@policy(link_holder)
def withdraw(name: str) -> ResponseReturnValue:
    found, now = _opened(name), utcnow()
    if found is None:
        return _gone()
    try:
        with unit_of_work(db.session):
            if once.begin(f"application.withdraw {found.key}", now) is None:
                deciding.withdraw(db.session, key=found.key, now=now)
                once.finish(_here(found))
    except DomainError as refusal:
        flash(refusal.message, "warning")
    else:
        flash("Withdrawn. You can ask again whenever you like.", "success")
    return redirect(_here(found), code=303)


@bp.get("/reference/<token>")
@policy(link_holder)
def reference(token: str) -> ResponseReturnValue:
    """Only shows the page: programs that look at mail open links."""
    return _reference_page(token, ReferenceForm(formdata=None))


@bp.post("/reference/<token>")
@policy(link_holder)
def reply(token: str) -> ResponseReturnValue:
    form = ReferenceForm()
    if not form.validate():
        return _reference_page(token, form, status=422)
    try:
        with unit_of_work(db.session):
            references.reply(
                db.session,
                token[: 2 * LONGEST_KEY],
                view=RefereeView(form.view.data),
                words=form.words.data,
                now=utcnow(),
            )
    except ReferenceEnded:
        return _private(render_template("membership/reference_ended.html"), 410)
    return _private(render_template("membership/reference_done.html"))


def _reference_page(token: str, form: ReferenceForm, *, status: int = 200) -> ResponseReturnValue:
    found = references.open_reference(db.session, token[: 2 * LONGEST_KEY], now=utcnow())
    if found is None:
        return _private(render_template("membership/reference_ended.html"), 410)
    page = render_template(
        "membership/reference.html",
        form=form,
        token=token,
        referee=found.name,
        applicant=found.application.person.name,
        kind=found.application.kind.name,
    )
    return _private(page, status)


def _opened(name: str) -> Application | None:
    """For its signed-in applicant or whoever holds the capability; it is tried either way."""
    sent = (request.values.get("key") or "")[:LONGEST_KEY]
    found = find_application(db.session, name[:LONGEST_NAME])
    if found is None:
        return None
    fits = is_application_key(site_of(db.session), found, sent)
    return found if fits or found.person_id == viewer_id() else None


def _here(found: Application) -> str:
    return url_for(".show", name=found.key, key=request.values.get("key") or None)


def _page(
    found: Application,
    *,
    answer_form: AnswerForm | None = None,
    referee_form: RefereeForm | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = render_template(
        "membership/application.html",
        mine=as_applicant_sees(found),
        answer_form=answer_form or AnswerForm(formdata=None),
        referee_form=referee_form or RefereeForm(formdata=None),
        sent=request.values.get("key", ""),
        is_here=found.person_id == viewer_id(),
    )
    return _private(page, status)


def _gone() -> ResponseReturnValue:
    return _private(render_template("membership/application_gone.html"), 404)


def _private(page: str, status: int = 200) -> ResponseReturnValue:
    """The address may hold a key: it is not to be found, and not to be kept."""
    return page, status, {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
