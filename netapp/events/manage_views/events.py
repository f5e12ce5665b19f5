"""Events on the desk: the list, new and copied ones, and their words."""

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import (
    AddressTaken,
    ModeBooked,
)
from netapp.events.manage_forms.dates import MessageForm
from netapp.events.manage_forms.events import CopyForm, DetailsForm, NewEventForm
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
    search_words,
    wants_form_again,
    warn_of_the_past,
)
from netapp.events.models import Event
from netapp.events.operations import creating, editing
from netapp.events.queries import effects, manage
from netapp.events.queries.dates import shown_dates
from netapp.events.queries.holidays import copied_check_words
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.pages import page_number
from netapp.kernel.site import site_of
from netapp.kernel.zones import TimeAmbiguous, TimeSkipped, to_local
from netapp.people.session import actor
from netapp.vocabulary.queries import terms_by_kind
from netapp.web import once
from netapp.web.policy import coordinator, event_helper, policy

bp = Blueprint("desk_events", __name__, url_prefix="/desk/events")

SUGGESTED_AHEAD = timedelta(weeks=4)
MOST_WEEKS_ON = 5  # To get past Christmas and New Year.


@bp.get("")
@policy(coordinator)
def index() -> ResponseReturnValue:
    session, now, words = db.session(), utcnow(), search_words()
    asked = request.args.get("show", "")
    shown: manage.Shown = next((name for name in manage.SHOWN if name == asked), "coming")
    page = manage.event_list(
        session, shown=shown, words=words, number=page_number(request.args.get("page")), now=now
    )
    counts = manage.list_counts(session, now)
    return render_template(
        "desk/events/index.html", page=page, shown=shown, words=words, counts=counts
    )


@bp.get("/new")
@policy(coordinator)
def new() -> ResponseReturnValue:
    return _new_page(NewEventForm(formdata=None, zone=_zone()))


@bp.post("/new")
@policy(coordinator)
def create() -> ResponseReturnValue:
    form = NewEventForm(zone=_zone())
    if not form.validate():
        return _new_page(form), 422
    now = utcnow()
    with unit_of_work(db.session):
        if earlier := once.begin("event.create", now):
            return redirect(earlier.result, code=303)
        plan = form.plan()
        event = creating.create_event(db.session, plan=plan, actor=actor(), now=now)
        target = once.finish(url_for(".details", key=event.key))
    flash("The draft is made. Nobody sees it until you publish it.", "success")
    warn_of_the_past(event, plan.first.starts_at, now)
    return redirect(target, code=303)


@bp.get("/<key>/copy")
@policy(coordinator)
def copy(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    form = CopyForm(formdata=None, title=f"Copy of {event.title}"[:200], day=_next_day(event))
    return _copy_page(event, form)


@bp.post("/<key>/copy")
@policy(coordinator)
def make_copy(key: str) -> ResponseReturnValue:
    event, form, now = event_or_404(key), CopyForm(), utcnow()
    if not form.validate():
        return _copy_page(event, form), 422
    assert form.day.day is not None
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"event.copy:{key}", now):
                return redirect(earlier.result, code=303)
            made = creating.copy_event(
                db.session,
                event_id=event.id,
                title=form.title.data,
                first_day=form.day.day,
                second=form.which.second,
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for("desk_dates.index", key=made.key))
    except TimeSkipped:
        form.day.errors = [
            "One of its times would fall into the hour that is left out when the clocks go "
            "forward. Choose another day."
        ]
    except TimeAmbiguous:
        form.which.errors = ["The clocks go back in one of its nights. Say which hour you mean."]
    else:
        flash("The copy is made, as a draft. Check its dates, then publish it.", "success")
        return redirect(target, code=303)
    return _copy_page(event_or_404(key), form), 422


@bp.get("/<key>")
@policy(event_helper)
def details(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    return _details_page(event, _form_of(event))


@bp.post("/<key>")
@policy(event_helper)
def save_details(key: str) -> ResponseReturnValue:
    event, now, here = event_or_404(key), utcnow(), url_for(".details", key=key)
    form = DetailsForm(
        terms=terms_by_kind(db.session()),
        is_record=event.is_record,
        of_group=event.group_id is not None,
    )
    word = MessageForm()
    if wants_form_again():
        return _details_page(event, form)
    if not form.validate():
        return _details_page(event, form), 422
    if "preview" in request.form:
        return _details_page(event, form, preview=True)
    if not has_agreed() and is_stale(form, _form_of(event)):
        return conflict_page(event, "details", form, _form_of(event), saved=here)
    plan = form.plan()
    foretold = effects.of_new_title(db.session(), event, event.sessions, plan, now=now)
    agreed = has_agreed() and word.validate()
    if foretold.needs_a_look and not agreed:
        return effects_page(
            event,
            foretold,
            tab="details",
            title="Give this event a new title",
            button=and_tell("Save the new title", foretold.told),
            form=word,
            back=here,
        ), (422 if word.errors else 200)

    def act(version: int) -> tuple[str, int]:
        if agreed and (earlier := once.begin(f"event.title:{key}", now)):
            return earlier.result, 0
        done = editing.save_details(
            db.session,
            event_id=event.id,
            details=plan,
            seen_version=version,
            message=word.message.data or "",
            actor=actor(),
            now=now,
        )
        return (once.finish(here) if agreed else here), done.told

    try:
        target, told = save(form, act, lambda: _form_of(event_or_404(key)))
    except StaleEdit:
        event = event_or_404(key)
        return conflict_page(event, "details", form, _form_of(event), saved=here)
    except AddressTaken as refusal:
        form.slug.errors = [refusal.message]
        return _details_page(event_or_404(key), form), 422
    except ModeBooked as refusal:
        form.mode.errors = [refusal.message]
        return _details_page(event_or_404(key), form), 422
    flash(f"Saved{people_told(told) if agreed else ''}.", "success")
    return redirect(target, code=303)


def _new_page(form: NewEventForm) -> str:
    return render_template("desk/events/new.html", form=form)


def _copy_page(event: Event, form: CopyForm) -> str:
    starts = [date.starts_at for date in shown_dates(event)]
    to_check = copied_check_words(starts, event.zone, form.day.day)
    return render_template("desk/events/copy.html", event=event, form=form, to_check=to_check)


def _details_page(event: Event, form: DetailsForm, *, preview: bool = False) -> str:
    return editor_page("details.html", event, "details", form=form, preview=preview)


def _form_of(event: Event) -> DetailsForm:
    session = db.session()
    terms = terms_by_kind(session)
    return DetailsForm.of(event, terms, manage.term_ids_of(session, event))


def _zone() -> str:
    return site_of(db.session()).zone


def _next_day(event: Event) -> Any:
    """The same weekday, some weeks from now; none of its dates on a day on which nobody expects an
    event, if that can be."""
    dates = shown_dates(event)
    ahead = to_local(utcnow() + SUGGESTED_AHEAD, event.zone).date()
    if not dates:
        return ahead
    first: date = to_local(dates[0].starts_at, event.zone).date()
    ahead += timedelta(days=(first.weekday() - ahead.weekday()) % 7)
    starts = [each.starts_at for each in dates]
    later = [ahead + timedelta(weeks=weeks) for weeks in range(MOST_WEEKS_ON + 1)]
    clear = (day for day in later if not copied_check_words(starts, event.zone, day))
    return next(clear, ahead)
