"""Whom to talk to at one event, where it is somebody else than the network's contact."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.events.manage_forms.safeguarding import EventContactForm
from netapp.events.manage_views.shared import editor_page, event_or_404
from netapp.events.models import Event
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.people.session import actor
from netapp.safeguarding.errors import NobodyToReach
from netapp.safeguarding.operations.contacts import Reach, set_contact
from netapp.safeguarding.queries import network_contact, own_contact_of_event
from netapp.web import once
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_event_safeguarding", __name__, url_prefix="/desk/events/<key>/safeguarding")

CHANGED = "Somebody else has changed it meanwhile. Look at what stands there now, and save again."


@bp.get("")
@policy(event_helper)
def show(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    return _page(event, EventContactForm.of(own_contact_of_event(db.session(), event.id)))


@bp.post("")
@policy(event_helper)
def save(key: str) -> ResponseReturnValue:
    event, form = event_or_404(key), EventContactForm()
    if not form.validate():
        return _page(event, form), 422
    return _set(event, form, form.reach(), "Saved. The event shows it.")


@bp.post("/remove")
@policy(event_helper)
def remove(key: str) -> ResponseReturnValue:
    """The network's contact is shown again."""
    return _set(
        event_or_404(key), EventContactForm(), None, "The event shows the network’s contact."
    )


def _set(
    event: Event, form: EventContactForm, reach: Reach | None, done: str
) -> ResponseReturnValue:
    target, now = url_for(".show", key=event.key), utcnow()
    try:
        with unit_of_work(db.session):
            if once.begin(f"event.safeguarding:{event.key}", now) is None:
                set_contact(
                    db.session(),
                    event_id=event.id,
                    reach=reach,
                    seen_version=form.version.number,
                    actor=actor(),
                    now=now,
                )
                once.finish(target)
    except NobodyToReach as refusal:
        form.phone.errors = [refusal.message]
        return _page(event_or_404(event.key), form), 422
    except StaleEdit:
        kept = EventContactForm.of(own_contact_of_event(db.session(), event.id))
        flash(CHANGED, "warning")
        return _page(event_or_404(event.key), kept), 409
    flash(done, "success")
    return redirect(target, code=303)


def _page(event: Event, form: EventContactForm) -> str:
    session = db.session()
    return editor_page(
        "safeguarding.html",
        event,
        "access",
        form=form,
        own=own_contact_of_event(session, event.id),
        network=network_contact(session),
    )
