"""Taking somebody out of a group, on the desk."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.groups.queries.desk import group_by_key
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.text import TooLong, clean
from netapp.meetings.operations import leaving
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, policy

bp = Blueprint("desk_group_leaving", __name__, url_prefix="/desk/groups")

MOST_WORDS = 300


@bp.post("/<key>/people/<member>/remove")
@policy(coordinator)
def remove(key: str, member: str) -> ResponseReturnValue:
    group, now = group_by_key(db.session(), key) or abort(404), utcnow()
    target = url_for("desk_group_people.show", key=key)
    try:
        words = clean(request.form.get("reason", ""), max_length=MOST_WORDS)
    except TooLong:
        flash("Shorten your words to 300 characters.", "error")
        return redirect(target, code=303)
    with unit_of_work(db.session):
        if earlier := once.begin(f"group.remove:{member}", now):
            return redirect(earlier.result, code=303)
        person = leaving.remove(
            db.session, group_id=group.id, member_key=member, words=words, actor=actor(), now=now
        )
        once.finish(target)
    flash(f"{person.name} is no longer in the group, and told.", "success")
    return redirect(target, code=303)
