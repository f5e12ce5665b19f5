"""Who helps with an event: named by coordinators; and the page of whoever helps."""

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.events.manage_forms.team import ROLE_HINTS, HelperForm
from netapp.events.manage_views.shared import editor_page, event_or_404
from netapp.events.models import Event, HelperRole
from netapp.events.operations import team as operations
from netapp.events.queries import team as queries
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.people.errors import AccountDisabled, NoAccount
from netapp.people.session import actor, require_person, viewer_id
from netapp.web import once
from netapp.web.policy import coordinator, may_in_event, policy, register_team, signed_in

bp = Blueprint("desk_team", __name__)


def register(app: Flask) -> None:
    """Tell the policies who helps with which event, and the templates what to show."""
    register_team(app, _parts_of)
    app.add_template_global(may_in_event)
    app.add_template_global(_helps_somewhere, "helps_somewhere")


@bp.get("/account/helping")
@policy(signed_in)
def mine() -> ResponseReturnValue:
    events = queries.helped_events(db.session(), require_person().id)
    return render_template("account/helping.html", events=events)


@bp.get("/desk/events/<key>/team")
@policy(coordinator)
def index(key: str) -> ResponseReturnValue:
    return _page(event_or_404(key), HelperForm(formdata=None))


@bp.post("/desk/events/<key>/team")
@policy(coordinator, again=True)
def add(key: str) -> ResponseReturnValue:
    event, form, now = event_or_404(key), HelperForm(), utcnow()
    if not form.validate():
        return _page(event, form), 422
    target = url_for(".index", key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"team.add:{key}", now):
                return redirect(earlier.result, code=303)
            person = operations.add_helper(
                db.session,
                event_id=event.id,
                email=form.email.address,
                role=HelperRole(form.role.data),
                reads_needs=form.reads_needs.data,
                actor=actor(),
                now=now,
            )
            name = person.name
            once.finish(target)
    except (NoAccount, AccountDisabled) as refusal:
        form.email.errors = [refusal.message]
        return _page(event_or_404(key), form), 422
    flash(f"{name} helps with this event now, and is told by email.", "success")
    return redirect(target, code=303)


@bp.post("/desk/events/<key>/team/<person_key>/end")
@policy(coordinator, again=True)
def end(key: str, person_key: str) -> ResponseReturnValue:
    event, now = event_or_404(key), utcnow()
    with unit_of_work(db.session):
        operations.end_helper(
            db.session, event_id=event.id, person_key=person_key, actor=actor(), now=now
        )
    flash("They no longer help with this event.", "success")
    return redirect(url_for(".index", key=key), code=303)


def _page(event: Event, form: HelperForm) -> str:
    return editor_page(
        "team.html",
        event,
        "team",
        form=form,
        hints=ROLE_HINTS,
        team=queries.team_of(db.session(), event.id),
    )


def _parts_of(person_id: int, key: str) -> frozenset[str]:
    return queries.parts_of(db.session(), person_id, key, now=utcnow())


def _helps_somewhere() -> bool:
    """For my page: whether it has a link to the events I help with."""
    person_id = viewer_id()
    return person_id is not None and queries.helps_somewhere(db.session(), person_id)
