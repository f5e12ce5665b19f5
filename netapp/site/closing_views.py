"""Close my account: what happens then, and doing it."""

from pathlib import Path

from flask import Blueprint, current_app, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.membership.queries.invoices import owed_by
from netapp.people import sign_ins as browser
from netapp.people.errors import LastCoordinator
from netapp.people.session import require_person
from netapp.privacy.queries.held import parts_held
from netapp.site.forms import CloseForm
from netapp.web.policy import everyone, policy, signed_in
from netapp.workflows.close_account import close_account

bp = Blueprint("closing", __name__)


@bp.get("/account/privacy/close")
@policy(signed_in, again=True)
def ask() -> ResponseReturnValue:
    return _page(CloseForm(formdata=None))


@bp.post("/account/privacy/close")
@policy(signed_in, again=True)
def close() -> ResponseReturnValue:
    """Sent twice, the second finds nobody signed in any more."""
    form, person = CloseForm(), require_person()
    if not form.validate():
        return _page(form), 422
    try:
        with unit_of_work(db.session):
            folder = Path(current_app.extensions["settings"].instance)
            close_account(db.session(), key=person.key, by=None, folder=folder, now=utcnow())
    except LastCoordinator as refusal:
        form.sure.errors = [refusal.message]
        return _page(form), 409
    return browser.forget(make_response(redirect(url_for(".closed"), code=303)))


@bp.get("/goodbye")
@policy(everyone)
def closed() -> ResponseReturnValue:
    return render_template("privacy/goodbye.html")


def _page(form: CloseForm) -> str:
    session, person = db.session(), require_person()
    return render_template(
        "privacy/close.html",
        form=form,
        parts=parts_held(session, person.id),
        owed=owed_by(session, person.id),
    )
