"""Who may book an event before everyone."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import EditRefused
from netapp.events.manage_forms.windows import WindowsForm
from netapp.events.manage_views.shared import (
    conflict_page,
    editor_page,
    event_or_404,
    save,
    wants_form_again,
)
from netapp.events.models import Event
from netapp.events.operations import windows
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.errors import StaleEdit
from netapp.kernel.words import moment_words
from netapp.people.session import actor
from netapp.vocabulary.queries import areas
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_windows", __name__, url_prefix="/desk/events/<key>/windows")


@bp.get("")
@policy(event_helper)
def show(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    return _page(event, _filled(event))


@bp.post("")
@policy(event_helper)
def save_windows(key: str) -> ResponseReturnValue:
    event, now = event_or_404(key), utcnow()
    target = url_for("desk_rules.booking", key=key, _anchor="rules-title")
    form = WindowsForm(zone=event.zone, areas=areas(db.session))
    if wants_form_again() or not form.validate():
        form.add_blank_row()
        return _page(event, form), (200 if wants_form_again() else 422)

    def act(version: int) -> None:
        windows.save_windows(
            db.session,
            event_id=event.id,
            windows=form.plans,
            seen_version=version,
            actor=actor(),
            now=now,
        )

    try:
        save(form, act, lambda: _filled(event_or_404(key)))
    except StaleEdit:
        event = event_or_404(key)
        return conflict_page(event, "booking", form, _filled(event), saved=target)
    except EditRefused as refusal:
        form.add_blank_row()
        return _page(event_or_404(key), form, refusal.message), 409
    flash("Saved.", "success")
    return redirect(target, code=303)


def _filled(event: Event) -> WindowsForm:
    return WindowsForm.of(event, areas(db.session))


def _page(event: Event, form: WindowsForm, refusal: str = "") -> str:
    opens_at = event.booking_opens_at
    return editor_page(
        "windows.html",
        event,
        "booking",
        form=form,
        refusal=refusal,
        everyone=moment_words(opens_at, event.zone) if opens_at else "",
    )
