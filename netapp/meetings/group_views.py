"""The page of a group, with its meetings; leaving it, and being named on it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.groups.operations.people import set_named
from netapp.groups.queries import page as pages
from netapp.groups.queries.people import people_rows
from netapp.groups.session import find, group_or_404, inside_or_404, looker, moved, my_standing
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.words import count_words
from netapp.meetings.operations import leaving
from netapp.meetings.queries.decisions import open_decisions
from netapp.meetings.queries.meetings import coming_meetings
from netapp.people.session import require_person
from netapp.web import once
from netapp.web.policy import everyone, policy, signed_in

bp = Blueprint("group", __name__, url_prefix="/groups/<slug>")


@bp.get("")
@policy(everyone)
def show(slug: str) -> ResponseReturnValue:
    group = find(slug)
    if group is None:
        return moved(slug)
    session, now = db.session(), utcnow()
    mine, who = my_standing(group), looker()
    asked = None
    if who.person_id is not None and not mine.is_in:
        asked = pages.my_request(session, group.id, who.person_id)
    return render_template(
        "groups/show.html",
        group=pages.group_page(session, group, who, now=now, inside=mine.sees_inside),
        standing=mine,
        **(_inside(group.id) if mine.sees_inside else {}),
        requests=len(pages.open_requests_of(session, group.id)) if mine.leads else 0,
        asked=asked,
    )


def _inside(group_id: int) -> dict[str, object]:
    """What its people see besides."""
    session, now = db.session(), utcnow()
    return {
        "people": people_rows(session, group_id, at=now),
        "coming": coming_meetings(session, group_id, now=now),
        "decided": open_decisions(session, group_id, now=now),
    }


@bp.post("/leave")
@policy(signed_in)
def leave(slug: str) -> ResponseReturnValue:
    group, now = group_or_404(slug), utcnow()
    with unit_of_work(db.session):
        if earlier := once.begin(f"group.leave:{group.key}", now):
            return redirect(earlier.result, code=303)
        ended = leaving.leave(db.session, group_id=group.id, person=require_person(), now=now)
        once.finish(url_for("groups.index"))
    back = f" {count_words(ended, 'booking')} went back with it." if ended else ""
    flash(f"You have left {group.name}.{back}", "success")
    return redirect(url_for("groups.index"), code=303)


@bp.post("/named")
@policy(signed_in)
def named(slug: str) -> ResponseReturnValue:
    """Whether everyone may see that I lead the group."""
    group, _ = inside_or_404(slug)
    is_named = request.form.get("named") == "yes"
    with unit_of_work(db.session):
        set_named(
            db.session,
            group_id=group.id,
            person_id=require_person().id,
            is_named=is_named,
            now=utcnow(),
        )
    done = (
        "Everyone can see that you lead the group." if is_named else "Only the group sees it now."
    )
    flash(done, "success")
    return redirect(url_for(".show", slug=slug), code=303)
