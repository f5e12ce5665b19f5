"""The minimum number of an event on the desk: set it, say that it runs, decide again."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import EditRefused
from netapp.events.manage_forms.dates import MessageForm
from netapp.events.manage_forms.minimum import MinimumForm
from netapp.events.manage_views.shared import (
    and_tell,
    conflict_page,
    editor_page,
    effects_page,
    event_or_404,
    has_agreed,
    is_stale,
    people_told,
    save,
    wants_form_again,
)
from netapp.events.models import Event
from netapp.events.operations import cancelling
from netapp.events.operations import minimum as operations
from netapp.events.operations.revising import Outcome
from netapp.events.queries import minimum as queries
from netapp.events.queries.minimum import decision_moment
from netapp.events.queries.minimum_effects import of_minimum
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import moment_words
from netapp.kernel.zones import to_local
from netapp.people.session import actor
from netapp.web import once
from netapp.web.edits import VersionField
from netapp.web.forms import BaseForm
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_minimum", __name__, url_prefix="/desk/events/<key>/minimum")

Decide = Callable[..., Outcome]


class SeenForm(BaseForm):
    version = VersionField()


@bp.get("")
@policy(event_helper)
def show(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    return _page(event, _filled(event))


@bp.post("")
@policy(event_helper)
def save_minimum(key: str) -> ResponseReturnValue:
    event, now, target = event_or_404(key), utcnow(), url_for(".show", key=key)
    form = MinimumForm(event=event, today=to_local(now, event.zone).date())
    if wants_form_again():
        return _page(event, form)
    if not form.validate():
        return _page(event, form), 422

    if not has_agreed() and is_stale(form, _filled(event)):
        return conflict_page(event, "booking", form, _filled(event), saved=target)
    word, rule = MessageForm(), (form.runs_from.data, form.decide_on.day)
    foretold = of_minimum(db.session(), event, *rule, now=now)
    agreed = has_agreed() and word.validate()
    if foretold.needs_a_look and not agreed:
        page = effects_page(
            event,
            foretold,
            tab="booking",
            title="Save this rule",
            button=and_tell("Save the rule", foretold.told),
            form=word,
            back=target,
        )
        return page, 422 if word.errors else 200

    def act(version: int) -> int:
        if agreed and once.begin(f"event.minimum:{key}", now):
            return 0
        done = operations.set_minimum(
            db.session,
            event_id=event.id,
            runs_from=rule[0],
            decide_on=rule[1],
            seen_version=version,
            message=word.message.data or "",
            actor=actor(),
            now=now,
        )
        if agreed:
            once.finish(target)
        return done.told

    try:
        told = save(form, act, lambda: _filled(event_or_404(key)))
    except StaleEdit:
        event = event_or_404(key)
        return conflict_page(event, "booking", form, _filled(event), saved=target)
    flash(f"Saved{people_told(told) if agreed else ''}.", "success")
    return redirect(target, code=303)


@bp.post("/runs")
@policy(event_helper)
def runs(key: str) -> ResponseReturnValue:
    return _decide(key, "runs", operations.decide_runs, "It runs")


@bp.post("/again")
@policy(event_helper)
def again(key: str) -> ResponseReturnValue:
    return _decide(key, "again", operations.decide_again, "It is open again")


@bp.get("/runs")
@bp.get("/again")
@policy(event_helper)
def back(key: str) -> ResponseReturnValue:
    """Whoever loads the address of a form that was sent wants the page it was on."""
    return redirect(url_for(".show", key=key), code=303)


def _decide(key: str, what: str, act: Decide, done: str) -> ResponseReturnValue:
    event, form, now = event_or_404(key), SeenForm(), utcnow()
    target = url_for(".show", key=key, _anchor="decide")
    if request.form.get("from") == "today":
        target = url_for("desk.index")
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"event.{what}:{key}", now):
                return redirect(earlier.result, code=303)
            outcome = act(
                db.session,
                event_id=event.id,
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except StaleEdit:
        flash("Somebody changed this event meanwhile. Look at it, then decide.", "warning")
        return redirect(url_for(".show", key=key, _anchor="decide"), code=303)
    except EditRefused as refusal:
        flash(refusal.message, "error")
    else:
        flash(f"{event.title}: {done.lower()}{people_told(outcome.told)}.", "success")
    return redirect(target, code=303)


def _filled(event: Event) -> MinimumForm:
    return MinimumForm.of(event, to_local(utcnow(), event.zone).date())


def _page(event: Event, form: MinimumForm) -> str:
    now = utcnow()
    moment = decision_moment(event)
    return editor_page(
        "minimum.html",
        event,
        "booking",
        form=form,
        said="" if event.runs_at else " ".join(queries.minimum_words(event)),
        numbers=queries.numbers_of(db.session(), event, now),
        too_small=queries.too_small_for(db.session(), event, now),
        told=queries.count_to_tell(db.session(), event, now),
        to_decide=queries.is_to_decide(event, now),
        asked_at=moment_words(moment, event.zone) if moment else "",
        is_due=moment is not None and moment <= now,
        decided_at=moment_words(event.runs_at, event.zone) if event.runs_at else "",
        can_cancel=cancelling.can_cancel_event(event, now),
    )
