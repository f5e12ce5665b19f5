"""What becomes of an event: previewed, published, deleted as a draft, cancelled."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events import views
from netapp.events.errors import (
    BookingRefused,
    EditRefused,
    NotReady,
)
from netapp.events.manage_forms.bookings import ReasonForm
from netapp.events.manage_views.shared import (
    and_tell,
    effects_page,
    event_or_404,
    people_told,
    reason_asked_for,
)
from netapp.events.models import Event
from netapp.events.operations import cancelling, editing
from netapp.events.queries import cancel_effects, manage
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.people.session import actor
from netapp.web import once
from netapp.web.policy import coordinator, event_helper, policy

bp = Blueprint("desk_publishing", __name__, url_prefix="/desk/events")


@bp.get("/<key>/preview")
@policy(event_helper)
def preview(key: str) -> ResponseReturnValue:
    return views.preview(event_or_404(key).id)


@bp.post("/<key>/publish")
@policy(coordinator)
def publish(key: str) -> ResponseReturnValue:
    event, now = event_or_404(key), utcnow()
    target = url_for("desk_events.details", key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"event.publish:{key}", now):
                return redirect(earlier.result, code=303)
            editing.publish_event(
                db.session, event_id=event.id, seen_version=_seen(), actor=actor(), now=now
            )
            once.finish(target)
    except StaleEdit:
        flash("Somebody changed this event meanwhile. Look at it, then publish it.", "warning")
    except NotReady as refusal:
        flash(f"{refusal.message} See below what.", "error")
    except (EditRefused, BookingRefused) as refusal:
        flash(refusal.message, "error")
    else:
        flash("Published. It is on the public site and in calendars now.", "success")
    return redirect(target, code=303)


@bp.post("/<key>/delete")
@policy(coordinator)
def delete(key: str) -> ResponseReturnValue:
    now = utcnow()
    event = manage.event_by_key(db.session(), key)
    target = url_for("desk_events.index", show="drafts")
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"event.delete:{key}", now):
                return redirect(earlier.result, code=303)
            if event is None:
                event_or_404(key)
            assert event is not None
            title = editing.delete_draft(
                db.session, event_id=event.id, seen_version=_seen(), actor=actor(), now=now
            )
            once.finish(target)
    except StaleEdit:
        flash("Somebody changed this draft meanwhile. Look at it again.", "warning")
        return redirect(url_for("desk_events.details", key=key), code=303)
    except (EditRefused, BookingRefused) as refusal:
        flash(refusal.message, "error")
        return redirect(url_for("desk_events.details", key=key), code=303)
    flash(f"The draft {title} is deleted.", "success")
    return redirect(target, code=303)


@bp.get("/<key>/cancel")
@policy(coordinator)
def cancel(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    if not cancelling.can_cancel_event(event, utcnow()):
        return redirect(url_for("desk_events.details", key=key), code=303)
    form = ReasonForm(formdata=None, version=str(event.version), reason=reason_asked_for())
    return _cancel_page(event, form)


@bp.post("/<key>/cancel")
@policy(coordinator)
def do_cancel(key: str) -> ResponseReturnValue:
    event, form, now = event_or_404(key), ReasonForm(), utcnow()
    if not form.validate():
        return _cancel_page(event, form), 422
    target = url_for("desk_events.details", key=key)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"event.cancel:{key}", now):
                return redirect(earlier.result, code=303)
            done = cancelling.cancel_event(
                db.session,
                event_id=event.id,
                reason=form.reason.data,
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except StaleEdit:
        event = event_or_404(key)
        form.version.data = str(event.version)
        return _cancel_page(event, form, stale=True), 409
    except (EditRefused, BookingRefused) as refusal:
        flash(refusal.message, "error")
    else:
        flash(f"The event is cancelled{people_told(done.told)}.", "success")
    return redirect(target, code=303)


def _cancel_page(event: Event, form: ReasonForm, *, stale: bool = False) -> str:
    now = utcnow()
    dates = [date for date in event.sessions if cancelling.is_still_on(date, now)]
    foretold = cancel_effects.of_cancelled_event(db.session(), event, dates)
    return effects_page(
        event,
        foretold,
        tab="details",
        title="Cancel the whole event",
        button=and_tell("Cancel the event", foretold.told),
        form=form,
        back=url_for("desk_events.details", key=event.key),
        danger=True,
        stale=stale,
    )


def _seen() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -1
