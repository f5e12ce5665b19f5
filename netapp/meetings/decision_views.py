"""The decisions of a group: taken in a meeting, then seen to."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.extensions import db
from netapp.groups.models import Group
from netapp.groups.policies import Standing
from netapp.groups.queries.people import people_rows
from netapp.groups.session import find, inside_or_404, led_or_404, moved
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.pages import page_number
from netapp.meetings.errors import MeetingRefused, NotTheirs
from netapp.meetings.forms import DecisionForm, OutcomeForm
from netapp.meetings.meeting_views import meeting_page, page_or_404
from netapp.meetings.models import DecisionState
from netapp.meetings.operations import deciding
from netapp.meetings.queries import decisions
from netapp.meetings.queries.decisions import DecisionRow
from netapp.people.session import actor, viewer_id
from netapp.web import once
from netapp.web.policy import policy, signed_in

bp = Blueprint("decisions", __name__, url_prefix="/groups/<slug>")


@bp.get("/decisions")
@policy(signed_in)
def index(slug: str) -> ResponseReturnValue:
    if find(slug) is None:
        return moved(slug)
    return _page(*inside_or_404(slug))


@bp.post("/meetings/<key>/decisions")
@policy(signed_in)
def decide(slug: str, key: str) -> ResponseReturnValue:
    group, standing = led_or_404(slug)
    page, now = page_or_404(group, key), utcnow()
    form = DecisionForm(people=people_rows(db.session(), group.id, at=now))
    if not form.validate():
        return meeting_page(group, standing, page, form), 422
    target = url_for("meetings.show", slug=slug, key=key, _anchor="decisions")
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"decision.take:{key}", now):
                return redirect(earlier.result, code=303)
            deciding.decide(
                db.session,
                group_id=group.id,
                session_key=key,
                plan=form.plan(),
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except NotTheirs as refusal:
        form.owner.errors = [refusal.message]
        return meeting_page(group, standing, page, form), 422
    flash("The decision is written down.", "success")
    return redirect(target, code=303)


@bp.post("/decisions/<key>/close")
@policy(signed_in)
def close(slug: str, key: str) -> ResponseReturnValue:
    """Done, or changed; by its owner or whoever leads the group."""
    group, standing = inside_or_404(slug)
    row = _open_one(group, key)
    if row is None or not _may_close(standing, row):
        abort(404)
    form = OutcomeForm()
    state = DecisionState.CHANGED if "changed" in request.form else DecisionState.DONE
    if not form.validate():
        return _page(group, standing, (key, form)), 422
    target = url_for(".index", slug=slug)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"decision.close:{key}", utcnow()):
                return redirect(earlier.result, code=303)
            deciding.close_decision(
                db.session,
                group_id=group.id,
                key=key,
                state=state,
                outcome=form.outcome.data,
                actor=actor(),
                now=utcnow(),
            )
            once.finish(target)
    except MeetingRefused as refusal:
        form.outcome.errors = [refusal.message]
        return _page(group, standing, (key, form)), 422
    flash("Done." if state is DecisionState.DONE else "Changed, with your words.", "success")
    return redirect(target, code=303)


@bp.post("/decisions/<key>/reopen")
@policy(signed_in)
def reopen(slug: str, key: str) -> ResponseReturnValue:
    group, _ = led_or_404(slug)
    with unit_of_work(db.session):
        deciding.reopen_decision(
            db.session, group_id=group.id, key=key, actor=actor(), now=utcnow()
        )
    flash("The decision is open again.", "success")
    return redirect(url_for(".index", slug=slug), code=303)


def _open_one(group: Group, key: str) -> DecisionRow | None:
    found = decisions.open_decisions(db.session(), group.id, now=utcnow())
    return next((row for row in found if row.key == key), None)


def _may_close(standing: Standing, row: DecisionRow) -> bool:
    return standing.leads or (row.owner_id is not None and row.owner_id == viewer_id())


def _page(group: Group, standing: Standing, wrong: tuple[str, OutcomeForm] | None = None) -> str:
    """``wrong``: the key of a decision, and the form about it that must be put right."""
    session, now = db.session(), utcnow()
    return render_template(
        "meetings/decisions.html",
        group=group,
        standing=standing,
        open=decisions.open_decisions(session, group.id, now=now),
        closed=decisions.closed_decisions(
            session, group.id, number=page_number(request.args.get("page")), now=now
        ),
        may_close=lambda row: _may_close(standing, row),
        wrong=wrong,
    )
