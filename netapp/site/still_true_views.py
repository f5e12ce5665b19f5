"""Once a year: what we know of me on one page, and one button that says that it is still true."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.membership.operations import still_true
from netapp.people.models import Person
from netapp.people.queries import find_person
from netapp.people.session import require_person, viewer_id
from netapp.site.still_true import known_of
from netapp.web import once
from netapp.web.policy import link_holder, policy, signed_in

bp = Blueprint("still_true", __name__, url_prefix="/still-true")

LONGEST_KEY: Final = 64
LONGEST_NAME: Final = 32


@bp.get("")
@policy(signed_in)
def own() -> ResponseReturnValue:
    return redirect(url_for(".show", name=require_person().key), code=303)


@bp.get("/<name>")
@policy(link_holder)
def show(name: str) -> ResponseReturnValue:
    """By the link of the mail it shows name, organisation and area, and whether they are in the
    directory; what they wrote there, and what helps them take part, only to themselves, signed
    in."""
    found = _opened(name)
    if found is None:
        return _private(render_template("account/still_true_gone.html"), 404)
    return _page(found)


@bp.post("/<name>")
@policy(link_holder)
def confirm(name: str) -> ResponseReturnValue:
    found, now = _opened(name), utcnow()
    if found is None:
        return _private(render_template("account/still_true_gone.html"), 404)
    target = url_for(".show", name=found.key, key=request.values.get("key") or None)
    with unit_of_work(db.session):
        if once.begin(f"still-true {found.key}", now) is None:
            still_true.confirm(db.session, key=found.key, now=now)
            once.finish(target)
    flash("Thank you. We ask again in a year.", "success")
    return redirect(target, code=303)


def _page(found: Person) -> ResponseReturnValue:
    is_here, now = found.id == viewer_id(), utcnow()
    page = render_template(
        "account/still_true.html",
        known=known_of(db.session(), found, is_here=is_here, at=now),
        sent=request.values.get("key", ""),
    )
    return _private(page)


def _opened(name: str) -> Person | None:
    sent = (request.values.get("key") or "")[:LONGEST_KEY]
    found = find_person(db.session, name[:LONGEST_NAME])
    if found is None or found.disabled_at is not None:
        return None
    if found.id == viewer_id() or still_true.is_opened_by(db.session(), found, sent):
        return found
    return None


def _private(page: str, status: int = 200) -> ResponseReturnValue:
    """The address may hold a key: it is not to be found, and not to be kept."""
    return page, status, {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store"}
