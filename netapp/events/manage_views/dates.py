"""The dates of an event on the desk: add, change, the same hours again, remove."""

from datetime import datetime
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import BookingRefused, EditRefused
from netapp.events.manage_forms.dates import (
    DateForm,
    MessageForm,
    NewDateForm,
    SameHoursForm,
    same_hours_form,
)
from netapp.events.manage_views.shared import (
    and_tell,
    conflict_page,
    date_or_404,
    editor_page,
    effects_page,
    event_or_404,
    has_agreed,
    is_stale,
    people_told,
    save,
    wants_form_again,
    warn_of_the_past,
)
from netapp.events.models import Event, EventSession, EventStatus
from netapp.events.operations import dates
from netapp.events.plans import DatePlan
from netapp.events.queries import effects, manage
from netapp.events.queries.calendar import segment_words
from netapp.events.queries.holidays import check_words
from netapp.events.queries.manage_bookings import confirmed_people, date_counts
from netapp.events.queries.parts import part_news
from netapp.events.queries.patterns import changed_by_hand, pattern_lines
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import date_words
from netapp.kernel.zones import to_local
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import event_door, event_helper, policy

bp = Blueprint("desk_dates", __name__, url_prefix="/desk/events/<key>/dates")

WALK_IN_ROWS: Final = 8
REFUSALS: Final = (EditRefused, BookingRefused)


@bp.get("")
@policy(event_helper)
def index(key: str) -> ResponseReturnValue:
    return _index_page(event_or_404(key))


@bp.get("/new")
@policy(event_helper)
def new(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    form = NewDateForm(formdata=None, zone=event.zone, **_like_the_last(event))
    form.add_blank_part()
    return _new_page(event, form)


@bp.post("/new")
@policy(event_helper)
def add(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    form, now = NewDateForm(zone=event.zone), utcnow()
    if not form.validate():
        form.add_blank_part()
        return _new_page(event, form), 422
    try:
        return _add(
            event,
            form.plan(),
            (form.capacity.data, form.online_capacity.data),
            f"date.add:{key}",
            now,
        )
    except REFUSALS as refusal:
        form.add_blank_part()
        return _new_page(event_or_404(key), form, refusal.message), 409


@bp.post("/again")
@policy(event_helper)
def again(key: str) -> ResponseReturnValue:
    """The same hours, place and number of places on another day."""
    event, now = event_or_404(key), utcnow()
    form = same_hours_form(event, filled=False)
    plan = form.plan(event) if form.validate() else None
    if plan is None:
        return _index_page(event, form), 422
    try:
        return _add(event, plan, _capacities_of(form.model(event)), f"date.again:{key}", now)
    except REFUSALS as refusal:
        return _index_page(event_or_404(key), form, refusal.message), 409


@bp.get("/<date_key>")
@policy(event_helper)
def show(key: str, date_key: str) -> ResponseReturnValue:
    event, date = date_or_404(key, date_key)
    return _date_page(event, date, DateForm.of(event, date))


@bp.post("/<date_key>")
@policy(event_helper)
def change(key: str, date_key: str) -> ResponseReturnValue:
    event, date = date_or_404(key, date_key)
    form, word, now = DateForm(zone=event.zone, was=date), MessageForm(), utcnow()
    target = url_for(".index", key=key, _anchor=f"date-{date_key}")
    if wants_form_again():
        form.add_blank_part()
        return _date_page(event, date, form)
    if not form.validate():
        form.add_blank_part()
        return _date_page(event, date, form), 422
    if not has_agreed() and is_stale(form, DateForm.of(event, date)):
        return conflict_page(event, "dates", form, DateForm.of(event, date), saved=target)
    plan = form.plan()
    foretold = effects.of_moved_date(db.session(), event, date, plan, now=now)
    parts, moved = part_news(event, date, plan), plan.starts_at != date.starts_at
    agreed = has_agreed() and word.validate()
    if foretold.needs_a_look and not agreed:
        day = date_words(date.starts_at, event.zone)
        return effects_page(
            event,
            foretold,
            tab="dates",
            title=f"Change {day}",
            button=and_tell("Change this date", foretold.told),
            form=word,
            back=url_for(".show", key=key, date_key=date_key),
        ), (422 if word.errors else 200)

    def act(version: int) -> int:
        if agreed and once.begin(f"date.change:{date_key}", now):
            return -1
        done = dates.change_date(
            db.session,
            event_id=event.id,
            session_key=date_key,
            plan=plan,
            seen_version=version,
            message=word.message.data or "",
            actor=actor(),
            now=now,
        )
        if agreed:
            once.finish(target)
        return done.told

    def fresh() -> DateForm:
        return DateForm.of(*date_or_404(key, date_key))

    try:
        told = save(form, act, fresh)
    except StaleEdit:
        return conflict_page(event_or_404(key), "dates", form, fresh(), saved=target)
    except REFUSALS as refusal:
        event, date = date_or_404(key, date_key)
        return _date_page(event, date, form, refusal.message), 409
    if told >= 0:
        flash(f"Saved{people_told(told) if agreed else ''}.", "success")
        if parts.words:
            flash(parts.words, "warning" if parts.misfits else "info")
        if moved:
            warn_of_the_past(event, plan.starts_at, now)
    return redirect(target, code=303)


@bp.post("/<date_key>/remove")
@policy(event_helper)
def remove(key: str, date_key: str) -> ResponseReturnValue:
    event, now = event_or_404(key), utcnow()
    target = url_for(".index", key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"date.remove:{date_key}", now):
                return redirect(earlier.result, code=303)
            dates.remove_date(
                db.session, event_id=event.id, session_key=date_key, actor=actor(), now=now
            )
            once.finish(target)
    except EditRefused as refusal:
        flash(refusal.message, "error")
    else:
        flash("The date is removed.", "success")
    return redirect(target, code=303)


@bp.get("/<date_key>/sign-in-sheet")
@policy(event_door)
def sign_in_sheet(key: str, date_key: str) -> ResponseReturnValue:
    event, date = date_or_404(key, date_key)
    return render_template(
        "desk/events/sign_in_sheet.html",
        event=event,
        date=date,
        people=confirmed_people(db.session(), date),
        parts=segment_words(event, date),
        blank_rows=WALK_IN_ROWS,
    )


def _add(
    event: Event,
    plan: DatePlan,
    capacities: tuple[int | None, int | None],
    purpose: str,
    now: datetime,
) -> ResponseReturnValue:
    """Add it once and go to the list. ``capacities``: of the first way to take part, and of the
    second where there is one. Raises what the operation refuses with."""
    target = url_for(".index", key=event.key)
    with unit_of_work(db.session):
        if earlier := once.begin(purpose, now):
            return redirect(earlier.result, code=303)
        dates.add_date(
            db.session,
            event_id=event.id,
            plan=plan,
            capacity=capacities[0],
            online_capacity=capacities[1],
            actor=actor(),
            now=now,
        )
        once.finish(target)
    flash(f"Added {date_words(plan.starts_at, event.zone)}.", "success")
    warn_of_the_past(event, plan.starts_at, now)
    return redirect(target, code=303)


def _index_page(event: Event, form: SameHoursForm | None = None, refusal: str = "") -> str:
    now, form = utcnow(), form or same_hours_form(event, filled=True)
    is_draft = event.status is EventStatus.DRAFT and not event.is_record
    days = {d.key: to_local(d.starts_at, event.zone).date() for d in event.sessions if is_draft}
    return editor_page(
        "dates.html",
        event,
        "dates",
        to_check={key: words for key, day in days.items() if (words := check_words(day))},
        day_to_check=check_words(form.day.day),
        counts={count.key: count for count in date_counts(db.session(), event, now)},
        used=manage.is_date_used(db.session(), event),
        patterns=pattern_lines(db.session(), event),
        by_hand=changed_by_hand(db.session(), event),
        form=form,
        refusal=refusal,
    )


def _new_page(event: Event, form: NewDateForm, refusal: str = "") -> str:
    return editor_page("date.html", event, "dates", form=form, date=None, refusal=refusal)


def _date_page(event: Event, date: EventSession, form: DateForm, refusal: str = "") -> str:
    return editor_page("date.html", event, "dates", form=form, date=date, refusal=refusal)


def _capacities_of(date: EventSession) -> tuple[int | None, int | None]:
    given = [pool.capacity for pool in date.pools]
    return given[0], given[1] if len(given) > 1 else None


def _like_the_last(event: Event) -> dict[str, Any]:
    """What a new date is likely to share with the last one."""
    if not event.sessions:
        return {}
    last = event.sessions[-1]
    begin, end = to_local(last.starts_at, event.zone), to_local(last.ends_at, event.zone)
    return {
        "starts": begin.time(),
        "ends": end.time(),
        "place": last.place,
        "join_link": last.join_link,
        "capacity": _capacities_of(last)[0],
        "online_capacity": _capacities_of(last)[1],
    }
