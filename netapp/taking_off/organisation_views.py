"""The register of organisations as everybody sees it, at addresses that stay."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.pages import page_number
from netapp.kernel.text import clean
from netapp.organisations.queries.one import page_at
from netapp.organisations.queries.register import RegisterFilter, register
from netapp.people.session import current_person
from netapp.taking_off.queries import people_for
from netapp.web.policy import everyone, policy

bp = Blueprint("organisations", __name__, url_prefix="/taking-off/organisations")

LONGEST_SEARCH = 100
LONGEST_SLUG = 100


@bp.get("")
@policy(everyone)
def index() -> ResponseReturnValue:
    words = clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)
    chosen = RegisterFilter(
        words=words,
        area=request.args.get("area", "")[:LONGEST_SLUG],
        type=request.args.get("type", "")[:LONGEST_SLUG],
    )
    found = register(db.session(), chosen, number=page_number(request.args.get("page")))
    return render_template("taking_off/organisations.html", register=found, chosen=chosen)


@bp.get("/<slug>")
@policy(everyone)
def show(slug: str) -> ResponseReturnValue:
    """A name that it had, or an organisation that went into it, leads to its page for good."""
    viewer = current_person()
    unlisted = viewer is not None and viewer.is_coordinator
    one = page_at(db.session(), slug[:LONGEST_SLUG], unlisted=unlisted) or abort(404)
    if one.slug != slug:
        return redirect(url_for(".show", slug=one.slug), code=301)
    return render_template(
        "taking_off/organisation.html",
        one=one,
        there=people_for(db.session(), one.id, viewer=viewer, at=utcnow()),
    )
