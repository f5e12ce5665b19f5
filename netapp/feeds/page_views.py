"""The pages about calendars: how to subscribe, and my own calendar addresses."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.feeds.forms import AddressForm
from netapp.feeds.links import subscribe
from netapp.feeds.operations import end_token, make_token, renew_token
from netapp.feeds.queries import overview
from netapp.feeds.queries.tokens import tokens_of
from netapp.kernel import clock
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import DomainError
from netapp.kernel.site import site_of
from netapp.people.session import require_person
from netapp.web import once
from netapp.web.policy import everyone, policy, signed_in

bp = Blueprint("calendars", __name__)


@bp.get("/calendar")
@policy(everyone)
def show() -> ResponseReturnValue:
    site = site_of(db.session())
    return render_template(
        "feeds/calendar.html",
        everything=subscribe(site, "/calendar/events.ics", site.name),
        kinds=[subscribe(site, one.path, one.words) for one in overview.kinds(db.session())],
        terms=[subscribe(site, one.path, one.words) for one in overview.terms(db.session())],
    )


@bp.get("/account/calendar")
@policy(signed_in)
def mine() -> ResponseReturnValue:
    return _my_page(AddressForm(formdata=None))


@bp.post("/account/calendar")
@policy(signed_in)
def make() -> ResponseReturnValue:
    """The one answer that shows the address, so it is no redirect. The same form sent again finds
    the address it made, with a new token: whoever pressed twice sees the answer to the second.

    The page's own address is no secret, so it sends its referrer to us as all pages do: without
    one browsers tell no origin either, and its forms would be refused."""
    form, person = AddressForm(), require_person()
    if not form.validate():
        return _my_page(form), 422
    now = clock.utcnow()
    try:
        with unit_of_work(db.session):
            earlier = once.begin("calendar address", now)
            if earlier:
                key = earlier.result.rpartition("#")[2]
                token = renew_token(db.session(), person_id=person.id, key=key)
            else:
                key, token = make_token(
                    db.session(), person_id=person.id, name=form.name.data, now=now
                )
                once.finish(url_for(".mine", _anchor=key))
    except DomainError as refusal:
        return _my_page(form, refusal.message), 409
    site = site_of(db.session())
    calendar = subscribe(site, f"/calendar/my/{token}.ics", f"{site.short_name}: my bookings")
    page = render_template("account/calendar_made.html", calendar=calendar, device=form.name.data)
    return page, 200, {"Cache-Control": "no-store"}


@bp.post("/account/calendar/<key>/end")
@policy(signed_in)
def end(key: str) -> ResponseReturnValue:
    with unit_of_work(db.session):
        end_token(db.session(), person_id=require_person().id, key=key)
    flash("That calendar address leads nowhere now.", "success")
    return redirect(url_for(".mine"), code=303)


def _my_page(form: AddressForm, refusal: str = "") -> str:
    addresses = tokens_of(db.session(), require_person().id)
    return render_template("account/calendar.html", form=form, addresses=addresses, refusal=refusal)
