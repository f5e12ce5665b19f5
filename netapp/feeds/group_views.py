"""The page on which somebody gets their address of a group's calendar."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.feeds.links import subscribe
from netapp.feeds.operations import end_group_token, make_group_token
from netapp.feeds.queries.tokens import group_token_of
from netapp.groups.models import Group
from netapp.groups.session import find, inside_or_404, moved
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.site import site_of
from netapp.web.policy import policy, signed_in

bp = Blueprint("group_calendar", __name__, url_prefix="/groups/<slug>/calendar")


@bp.get("")
@policy(signed_in)
def show(slug: str) -> ResponseReturnValue:
    if find(slug) is None:
        return moved(slug)
    group, member_id = _mine(slug)
    held = group_token_of(db.session(), member_id)
    return render_template("groups/calendar.html", group=group, held=held)


@bp.post("")
@policy(signed_in)
def make(slug: str) -> ResponseReturnValue:
    """The one answer that shows the address, so it is no redirect. Sent twice, the address of the
    second answer is the one that works, and the one that is seen."""
    group, member_id = _mine(slug)
    with unit_of_work(db.session):
        token = make_group_token(db.session(), member_id=member_id, now=utcnow())
    site = site_of(db.session())
    calendar = subscribe(site, f"/calendar/group/{token}.ics", group.name)
    page = render_template("groups/calendar_made.html", group=group, calendar=calendar)
    return page, 200, {"Cache-Control": "no-store"}


@bp.post("/end")
@policy(signed_in)
def end(slug: str) -> ResponseReturnValue:
    _, member_id = _mine(slug)
    with unit_of_work(db.session):
        end_group_token(db.session(), member_id=member_id)
    flash("That calendar address leads nowhere now.", "success")
    return redirect(url_for(".show", slug=slug), code=303)


def _mine(slug: str) -> tuple[Group, int]:
    """Addresses belong to people of the group; coordinators who are not in it have none."""
    group, standing = inside_or_404(slug)
    return (group, standing.member_id) if standing.member_id is not None else abort(404)
