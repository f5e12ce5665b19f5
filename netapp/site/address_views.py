"""My email address: asked for, confirmed from the new mailbox, taken back from the old one."""

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people.addresses import shown
from netapp.people.errors import AddressTaken, LinkEnded, SameAddress, TooManyMails
from netapp.people.operations import codes, own_address
from netapp.people.session import require_person
from netapp.site.forms import MyAddressForm
from netapp.web.policy import link_holder, policy, signed_in
from netapp.workflows import change_address as workflow

bp = Blueprint("my_address", __name__)

SAME = "That is your address already."
TAKEN = (
    "Somebody else here has that address by now, so nothing was changed. Write to us, and we help."
)


@bp.get("/account/address")
@policy(signed_in, again=True)
def ask() -> ResponseReturnValue:
    return _page(MyAddressForm(formdata=None))


@bp.post("/account/address")
@policy(signed_in, again=True)
def send() -> ResponseReturnValue:
    """The answer does not tell whether somebody has the new address: only the mail does."""
    form, now = MyAddressForm(), utcnow()
    if not form.validate():
        return _page(form), 422
    email = form.email.address
    with unit_of_work(db.session):
        within = codes.count_mail(db.session, email=email, client=_client(), now=now)
    if not within:
        form.email.errors = [TooManyMails.message]
        return _page(form), 429, {"Retry-After": "3600"}
    try:
        with unit_of_work(db.session):
            own_address.ask(db.session, person_id=require_person().id, email=email, now=now)
    except SameAddress:
        form.email.errors = [SAME]
        return _page(form), 422
    flash(f"We have written to {shown(email)}. Open the link in that mail within an hour.", "info")
    return redirect("/account", code=303)


@bp.get("/new-address/<token>")
@policy(link_holder)
def look(token: str) -> ResponseReturnValue:
    found = own_address.open_change(db.session(), token, now=utcnow())
    if found is None:
        return _ended()
    return render_template("people/new_address.html", found=found, address=shown(found.email))


@bp.post("/new-address/<token>")
@policy(link_holder)
def confirm(token: str) -> ResponseReturnValue:
    try:
        with unit_of_work(db.session):
            workflow.confirm_own_address(db.session, token, now=utcnow())
    except LinkEnded:
        return _ended()
    except AddressTaken:
        flash(TAKEN, "error")
        return redirect("/account", code=303)
    flash("This is your address now. The old one is told.", "success")
    return redirect("/account", code=303)


@bp.get("/undo-address/<token>")
@policy(link_holder)
def look_back(token: str) -> ResponseReturnValue:
    found = own_address.open_undo(db.session(), token, now=utcnow())
    if found is None:
        return _ended()
    return render_template("people/undo_address.html", found=found, address=shown(found.email))


@bp.post("/undo-address/<token>")
@policy(link_holder)
def take_back(token: str) -> ResponseReturnValue:
    try:
        with unit_of_work(db.session):
            workflow.undo_own_address(db.session, token, now=utcnow())
    except LinkEnded:
        return _ended()
    except AddressTaken:
        flash(TAKEN, "error")
        return redirect("/sign-in", code=303)
    flash("Your old address is back. Sign in with a code, and choose a new password.", "success")
    return redirect("/sign-in", code=303)


def _client() -> str:
    return request.remote_addr or "unknown"


def _ended() -> ResponseReturnValue:
    """Alike for a link that was used, replaced, is too old, or never was."""
    return render_template("people/address_link_ended.html"), 410


def _page(form: MyAddressForm) -> str:
    address = shown(require_person().email)
    return render_template("account/address.html", form=form, address=address)
