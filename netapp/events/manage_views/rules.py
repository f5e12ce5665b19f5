"""How an event is booked, how many places it has, and what is known about access."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import BookedAsFixed, MarginsNeedReason, TooFewPlaces
from netapp.events.manage_forms.access import AccessForm, access_form_of
from netapp.events.manage_forms.dates import MessageForm, places_form, read_places
from netapp.events.manage_forms.rules import RulesForm
from netapp.events.manage_views.shared import (
    and_tell,
    conflict_page,
    editor_page,
    effects_page,
    event_or_404,
    has_agreed,
    is_stale,
    save,
    wants_form_again,
)
from netapp.events.manage_words import BOOKED_AS_HINTS
from netapp.events.models import Event
from netapp.events.operations import dates, editing
from netapp.events.queries import offer_effects
from netapp.events.queries.manage_bookings import date_counts
from netapp.events.queries.windows import areas_of, window_lines
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import count_words
from netapp.people.queries import coordinators
from netapp.people.session import actor
from netapp.web import once
from netapp.web.edits import EditForm
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_rules", __name__, url_prefix="/desk/events/<key>")


@bp.get("/booking")
@policy(event_helper)
def booking(key: str) -> ResponseReturnValue:
    return _booking_page(event_or_404(key))


@bp.post("/booking")
@policy(event_helper)
def save_booking(key: str) -> ResponseReturnValue:
    event, now, target = event_or_404(key), utcnow(), url_for(".booking", key=key)
    form = RulesForm(zone=event.zone, coordinators=coordinators(db.session()))
    if wants_form_again():
        return _booking_page(event, form=form)
    if not form.validate():
        return _booking_page(event, form=form), 422
    rules = form.plan()

    def act(version: int) -> None:
        editing.save_booking_rules(
            db.session,
            event_id=event.id,
            rules=rules,
            seen_version=version,
            actor=actor(),
            now=now,
        )

    try:
        return _saved(event, "booking", form, act, _rules_of, target)
    except BookedAsFixed as refusal:
        form.booked_as.errors = [refusal.message]
        return _booking_page(event_or_404(key), form=form), 409


@bp.post("/places")
@policy(event_helper)
def save_places(key: str) -> ResponseReturnValue:
    event, now = event_or_404(key), utcnow()
    target = url_for(".booking", key=key, _anchor="places")
    form = places_form(event, filled=False)
    if wants_form_again():
        return _booking_page(event, places=form)
    plans = read_places(form, event)
    if plans is None:
        return _booking_page(event, places=form), 422
    if not has_agreed() and is_stale(form, _places_of(event)):
        return conflict_page(event, "booking", form, _places_of(event), saved=target)
    foretold = offer_effects.of_places(db.session(), event, event.sessions, plans, now=now)
    agreed = has_agreed()
    if foretold.needs_a_look and not agreed:
        return effects_page(
            event,
            foretold,
            tab="booking",
            title="Give more places",
            button=and_tell("Give more places", foretold.told),
            form=MessageForm(formdata=None),
            back=target,
        )

    def act(version: int) -> int:
        if agreed and once.begin(f"event.places:{key}", now):
            return -1
        done = dates.set_places(
            db.session,
            event_id=event.id,
            places=plans,
            reason=form.reason.data or "",
            seen_version=version,
            seen_kept=form.version.kept,
            actor=actor(),
            now=now,
        )
        if agreed:
            once.finish(target)
        return done.offered

    try:
        offered = save(form, act, lambda: _places_of(event_or_404(key)))
    except StaleEdit:
        event = event_or_404(key)
        return conflict_page(event, "booking", form, _places_of(event), saved=target)
    except (TooFewPlaces, MarginsNeedReason) as refusal:
        event = event_or_404(key)
        return _booking_page(event, places=form, refusal=refusal.message), 409
    if offered >= 0:
        to = f" {count_words(offered, 'person is', 'people are')} offered a place."
        flash(f"Saved.{to if offered else ''}", "success")
    return redirect(target, code=303)


@bp.get("/access")
@policy(event_helper)
def access(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    return editor_page("access.html", event, "access", form=access_form_of(event))


@bp.post("/access")
@policy(event_helper)
def save_access(key: str) -> ResponseReturnValue:
    event, form, now = event_or_404(key), AccessForm(), utcnow()
    target = url_for(".access", key=key)
    if wants_form_again() or not form.validate():
        page = editor_page("access.html", event, "access", form=form)
        return page, (200 if wants_form_again() else 422)
    answers = form.plan()

    def act(version: int) -> None:
        editing.save_access(
            db.session,
            event_id=event.id,
            access=answers,
            seen_version=version,
            actor=actor(),
            now=now,
        )

    return _saved(event, "access", form, act, access_form_of, target)


def _saved(
    event: Event,
    tab: str,
    form: EditForm,
    act: Callable[[int], None],
    fresh: Callable[[Event], EditForm],
    target: str,
) -> ResponseReturnValue:
    """Save, say so and go on; where somebody was quicker, the page with both texts. ``fresh`` fills
    the form with what is there."""
    try:
        save(form, act, lambda: fresh(event_or_404(event.key)))
    except StaleEdit:
        event = event_or_404(event.key)
        return conflict_page(event, tab, form, fresh(event), saved=target)
    flash("Saved.", "success")
    return redirect(target, code=303)


def _booking_page(
    event: Event,
    *,
    form: RulesForm | None = None,
    places: EditForm | None = None,
    refusal: str = "",
) -> str:
    return editor_page(
        "booking.html",
        event,
        "booking",
        form=form or _rules_of(event),
        places=places or _places_of(event),
        counts=date_counts(db.session(), event, utcnow()),
        hints=BOOKED_AS_HINTS,
        windows=window_lines(event, areas_of(db.session(), event), utcnow()),
        refusal=refusal,
        wrong="places" if request.path.endswith("/places") else "rules",
    )


def _rules_of(event: Event) -> RulesForm:
    return RulesForm.of(event, coordinators(db.session()))


def _places_of(event: Event) -> EditForm:
    form: EditForm = places_form(event, filled=True)
    return form
