"""One date of an event is cancelled on the desk: first what happens then, and the reason."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import BookingRefused, EditRefused
from netapp.events.manage_forms.bookings import ReasonForm
from netapp.events.manage_views.shared import (
    and_tell,
    date_or_404,
    effects_page,
    people_told,
    reason_asked_for,
)
from netapp.events.models import Event, EventSession
from netapp.events.operations import cancelling
from netapp.events.queries import cancel_effects
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import date_words
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import event_helper, policy

bp = Blueprint(
    "desk_cancel_date", __name__, url_prefix="/desk/events/<key>/dates/<date_key>/cancel"
)


@bp.get("")
@policy(event_helper)
def cancel(key: str, date_key: str) -> ResponseReturnValue:
    event, date = date_or_404(key, date_key)
    if not cancelling.can_cancel_date(event, date, utcnow()):
        return redirect(url_for("desk_dates.index", key=key), code=303)
    return _cancel_page(event, date, _reason_form(date))


@bp.post("")
@policy(event_helper)
def do_cancel(key: str, date_key: str) -> ResponseReturnValue:
    event, date = date_or_404(key, date_key)
    form, now = ReasonForm(), utcnow()
    if not form.validate():
        return _cancel_page(event, date, form), 422
    target = url_for("desk_dates.index", key=key, _anchor=f"date-{date_key}")
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"date.cancel:{date_key}", now):
                return redirect(earlier.result, code=303)
            done = cancelling.cancel_date(
                db.session,
                event_id=event.id,
                session_key=date_key,
                reason=form.reason.data,
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except StaleEdit:
        event, date = date_or_404(key, date_key)
        form.version.data = str(date.version)
        return _cancel_page(event, date, form, stale=True), 409
    except (EditRefused, BookingRefused) as refusal:
        flash(refusal.message, "error")
    else:
        flash(f"The date is cancelled{people_told(done.told)}.", "success")
    return redirect(target, code=303)


def _cancel_page(event: Event, date: EventSession, form: ReasonForm, *, stale: bool = False) -> str:
    foretold = cancel_effects.of_cancelled_date(db.session(), event, date, now=utcnow())
    return effects_page(
        event,
        foretold,
        tab="dates",
        title=f"Cancel {date_words(date.starts_at, event.zone)}",
        button=and_tell("Cancel this date", foretold.told),
        form=form,
        back=url_for("desk_dates.index", key=event.key),
        danger=True,
        stale=stale,
    )


def _reason_form(date: EventSession) -> ReasonForm:
    return ReasonForm(formdata=None, version=str(date.version), reason=reason_asked_for())
