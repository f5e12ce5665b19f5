"""Patterns of an event on the desk: what they would do is shown first, then done in one step."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import BookingRefused, EditRefused
from netapp.events.manage_forms.patterns import (
    RHYTHM_HINTS,
    PatternForm,
    SeenForm,
    SeenReasonForm,
    StopForm,
    like_the_last,
)
from netapp.events.manage_views.shared import (
    conflict_page,
    editor_page,
    effects_page,
    event_or_404,
    has_agreed,
    is_stale,
    people_told,
    wants_form_again,
)
from netapp.events.models import Event, EventPattern, EventStatus
from netapp.events.operations import patterns as operations
from netapp.events.operations.patterns import PatternOutcome
from netapp.events.pattern_plans import PatternPlan
from netapp.events.queries import patterns as queries
from netapp.events.queries.pattern_acts import Acts
from netapp.events.queries.pattern_effects import of_changed_pattern
from netapp.events.queries.pattern_words import pattern_words, weekday_words
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import count_words, join_words
from netapp.kernel.zones import TimeAmbiguous
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_patterns", __name__, url_prefix="/desk/events/<key>/patterns")

REFUSALS = (EditRefused, BookingRefused)


@bp.get("/new")
@policy(event_helper)
def new(key: str) -> ResponseReturnValue:
    event = _repeatable_or_404(key)
    form = PatternForm(
        formdata=None, calendars=queries.calendars(db.session()), **like_the_last(event)
    )
    return _form_page(event, form)


@bp.post("/new")
@policy(event_helper)
def add(key: str) -> ResponseReturnValue:
    event, now = _repeatable_or_404(key), utcnow()
    form, word = PatternForm(calendars=queries.calendars(db.session())), SeenForm()
    if wants_form_again():
        return _form_page(event, form)
    if not form.validate():
        return _form_page(event, form), 422
    plan = form.plan()
    try:
        acts = queries.acts_of_new_pattern(db.session(), event, plan, now=now)
    except TimeAmbiguous:
        form.ask_which()
        return _form_page(event, form), 422
    except EditRefused as refusal:
        return _form_page(event, form, refusal=refusal.message), 409
    stale = has_agreed() and word.seen.data != acts.digest
    target = url_for("desk_dates.index", key=key)
    if has_agreed():
        try:
            with unit_of_work(db.session):
                if earlier := once.begin(f"pattern.add:{key}", now):
                    return redirect(earlier.result, code=303)
                done = operations.add_pattern(
                    db.session,
                    event_id=event.id,
                    plan=plan,
                    seen=word.seen.data or "",
                    actor=actor(),
                    now=now,
                )
                once.finish(target)
        except StaleEdit:
            stale = True
        except REFUSALS as refusal:
            return _form_page(event_or_404(key), form, refusal=refusal.message), 409
        else:
            flash(f"Added {count_words(done.added, 'date')}.", "success")
            return redirect(target, code=303)
        event = event_or_404(key)
        acts = queries.acts_of_new_pattern(db.session(), event, plan, now=now)
    return _preview(event, plan, acts, word, stale=stale), 409 if stale else 200


@bp.get("/<pattern_key>")
@policy(event_helper)
def show(key: str, pattern_key: str) -> ResponseReturnValue:
    event = _repeatable_or_404(key)
    pattern = _pattern_or_404(event, pattern_key)
    return _form_page(event, _filled(event, pattern), pattern)


@bp.post("/<pattern_key>")
@policy(event_helper)
def change(key: str, pattern_key: str) -> ResponseReturnValue:
    event = _repeatable_or_404(key)
    pattern = _pattern_or_404(event, pattern_key)
    theirs = _filled(event, pattern)
    form = PatternForm(
        calendars=queries.calendars(db.session()), by_hand=_by_hand(event, pattern)
    )  # fmt: skip
    if wants_form_again():
        return _form_page(event, form, pattern)
    if not form.validate():
        return _form_page(event, form, pattern), 422
    target = url_for("desk_dates.index", key=key)
    if not has_agreed() and is_stale(form, theirs):
        return conflict_page(event, "dates", form, theirs, saved=target)
    plan = form.plan(was=pattern)
    title = f"Change to: {_words(plan)}"
    try:
        return _alter(event, pattern, plan, tuple(form.along.data or ()), title=title)
    except TimeAmbiguous:
        form.ask_which()
        return _form_page(event, form, pattern), 422
    except REFUSALS as refusal:
        event = event_or_404(key)
        return _form_page(event, form, pattern, refusal.message), 409


@bp.post("/<pattern_key>/stop")
@policy(event_helper)
def stop(key: str, pattern_key: str) -> ResponseReturnValue:
    """No dates of this pattern from a day on."""
    event = _repeatable_or_404(key)
    pattern = _pattern_or_404(event, pattern_key)
    form = StopForm()
    if wants_form_again() or not form.validate():
        page = _form_page(event, _filled(event, pattern), pattern, stopping=form)
        return page, 200 if wants_form_again() else 422
    assert form.day.day is not None
    last = form.day.day - timedelta(days=1)
    plan = replace(queries.plan_of(pattern), until=last, number=None)
    title = f"Stop from {weekday_words(form.day.day)} on"
    try:
        return _alter(event, pattern, plan, (), title=title)
    except REFUSALS as refusal:
        event = event_or_404(key)
        pattern = _pattern_or_404(event, pattern_key)
        return _form_page(event, _filled(event, pattern), pattern, refusal.message), 409


def _alter(
    event: Event, pattern: EventPattern, plan: PatternPlan, along: tuple[str, ...], *, title: str
) -> ResponseReturnValue:
    """First what it does, then do it. Raises what the operation refuses with, ``TimeAmbiguous``."""
    now = utcnow()
    target = url_for("desk_dates.index", key=event.key)
    acts = _acts(event, pattern, plan, along)
    word = SeenReasonForm() if acts.cancelled else SeenForm()
    agreed = not acts.does_something or (has_agreed() and word.validate())
    stale = has_agreed() and acts.does_something and word.seen.data != acts.digest
    if agreed and not stale:
        try:
            with unit_of_work(db.session):
                if has_agreed() and (earlier := once.begin(f"pattern.change:{pattern.key}", now)):
                    return redirect(earlier.result, code=303)
                done = operations.change_pattern(
                    db.session,
                    event_id=event.id,
                    pattern_key=pattern.key,
                    plan=plan,
                    along=along,
                    seen=acts.digest,
                    seen_version=pattern.version,
                    message=word.words,
                    actor=actor(),
                    now=now,
                )
                if has_agreed():
                    once.finish(target)
        except StaleEdit:
            stale = True
            event = event_or_404(event.key)
            pattern = _pattern_or_404(event, pattern.key)
            acts = _acts(event, pattern, plan, along)
        else:
            flash(_done_words(done, acts), "success")
            return redirect(target, code=303)
    word.seen.data = acts.digest
    foretold = of_changed_pattern(db.session(), event, acts)
    page = effects_page(
        event,
        foretold,
        tab="dates",
        title=title,
        button=_button(acts, foretold.told),
        form=word,
        back=target,
        danger=bool(acts.cancelled),
        stale=stale,
    )
    return page, 409 if stale else 422 if word.errors else 200


def _preview(
    event: Event, plan: PatternPlan, acts: Acts, word: SeenForm, *, stale: bool
) -> str:  # fmt: skip
    word.seen.data = acts.digest
    return effects_page(
        event,
        of_changed_pattern(db.session(), event, acts),
        tab="dates",
        title=_words(plan),
        button=f"Add {count_words(len(acts.added), 'date')}",
        form=word,
        back=url_for("desk_dates.index", key=event.key),
        stale=stale,
    )


def _acts(
    event: Event, pattern: EventPattern, plan: PatternPlan, along: tuple[str, ...]
) -> Acts:  # fmt: skip
    return queries.acts_of_changed_pattern(
        db.session(), event, pattern, plan, along=along, now=utcnow()
    )


def _button(acts: Acts, told: int) -> str:
    """Change 4 dates, cancel 2 dates and tell 12 people."""
    parts = _acts_words(acts, "add", "change", "cancel", "remove")
    parts += [f"tell {count_words(told, 'person', 'people')}"] if told else []
    return join_words(parts).capitalize() or "Save"


def _done_words(done: PatternOutcome, acts: Acts) -> str:
    words = join_words(_acts_words(acts, "added", "changed", "cancelled", "removed")).capitalize()
    return f"{words}{people_told(done.told)}." if words else "Saved."


def _acts_words(acts: Acts, added: str, moved: str, cancelled: str, removed: str) -> list[str]:
    numbers = (
        (added, len(acts.added)),
        (moved, len(acts.moved)),
        (cancelled, len(acts.cancelled)),
        (removed, len(acts.removed)),
    )
    return [f"{verb} {count_words(n, 'date')}" for verb, n in numbers if n]


def _words(plan: PatternPlan) -> str:
    return pattern_words(plan, queries.area_of(db.session(), plan))


def _repeatable_or_404(key: str) -> Event:
    """An event that can have further dates."""
    event = event_or_404(key)
    if event.is_record or event.status is EventStatus.CANCELLED:
        abort(404)
    return event


def _pattern_or_404(event: Event, pattern_key: str) -> EventPattern:
    return queries.pattern_by_key(db.session(), event, pattern_key) or abort(404)


def _by_hand(event: Event, pattern: EventPattern) -> list[queries.ByHand]:
    return queries.dates_by_hand(db.session(), event, pattern, utcnow())


def _filled(event: Event, pattern: EventPattern) -> PatternForm:
    calendars = queries.calendars(db.session())
    return PatternForm.of(pattern, calendars, _by_hand(event, pattern))


def _form_page(
    event: Event,
    form: PatternForm,
    pattern: EventPattern | None = None,
    refusal: str = "",
    stopping: StopForm | None = None,
) -> str:
    return editor_page(
        "pattern.html",
        event,
        "dates",
        form=form,
        pattern=pattern,
        words=_words(queries.plan_of(pattern)) if pattern else "",
        hints=RHYTHM_HINTS,
        stopping=stopping or StopForm(formdata=None),
        refusal=refusal,
    )
