"""What the coordinators' pages of an event share: its frame, effects before acts, stale edits."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from netapp.events.models import Event, EventSession
from netapp.events.queries import manage
from netapp.events.queries.effects import Effects
from netapp.events.queries.readiness import past_words
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.kernel.text import clean
from netapp.kernel.words import count_words
from netapp.web.edits import EditForm, carried, differences
from netapp.web.forms import BaseForm

T = TypeVar("T")
LONGEST_SEARCH = 100
TOO_FEW = "Too few people could come this time."

AGREED = "agreed"
"""Sent by the page that shows the effects: the coordinator has seen them."""

AGAIN = "again"
"""Sent by a button that leads back to the form, with everything as typed."""


def event_or_404(key: str) -> Event:
    """With dates, pools and segments."""
    return manage.event_by_key(db.session(), key) or abort(404)


def date_or_404(key: str, date_key: str) -> tuple[Event, EventSession]:
    event = event_or_404(key)
    date = next((date for date in event.sessions if date.key == date_key), None)
    return event, date or abort(404)


def editor_page(template: str, event: Event, tab: str, **values: Any) -> str:
    """One tab of an event, with what stands around each."""
    editor = manage.editor_of(db.session(), event, utcnow())
    return render_template(f"desk/events/{template}", event=event, editor=editor, tab=tab, **values)


def effects_page(
    event: Event,
    effects: Effects,
    *,
    tab: str,
    title: str,
    button: str,
    form: BaseForm,
    back: str,
    danger: bool = False,
    stale: bool = False,
    refusal: str = "",
) -> str:
    """What stands between typing and doing: who is told, and what happens.

    What was typed is sent along; ``form`` holds the message or the reason. ``stale``: something
    changed while the page was open, so look again.
    """
    return editor_page(
        "effects.html",
        event,
        tab,
        effects=effects,
        title=title,
        button=button,
        form=form,
        back=back,
        danger=danger,
        stale=stale,
        refusal=refusal,
        carried=carried(request.form, leave_out=(AGREED, AGAIN, *form._fields)),
    )


def save(form: EditForm, act: Callable[[int], T], fresh: Callable[[], EditForm]) -> T:
    """Do it in one transaction, with the version the form was made from.

    Where only other parts of the thing have changed since, it is done on the newest version.
    Raises ``StaleEdit`` where somebody changed what this form holds; ``fresh`` fills it anew.
    """
    try:
        with unit_of_work(db.session):
            return act(form.version.number)
    except StaleEdit:
        there_now = fresh()
        if there_now.fingerprint() != form.base.data:
            raise
    with unit_of_work(db.session):
        return act(there_now.version.number)


def is_stale(form: EditForm, there_now: EditForm) -> bool:
    """Whether somebody changed what this form holds: asked before effects are shown. The
    operation asks again, under its lock."""
    return (
        form.version.number != there_now.version.number
        and there_now.fingerprint() != form.base.data
    )


def conflict_page(
    event: Event, tab: str, mine: EditForm, theirs: EditForm, *, saved: str
) -> ResponseReturnValue:
    """Both texts side by side, and a way to keep either. Where they are the same the form was
    sent twice, and leads where the first one led: to ``saved``."""
    found = differences(mine, theirs)
    if not found:
        flash("Saved.", "success")
        return redirect(saved, code=303)
    page = editor_page(
        "conflict.html",
        event,
        tab,
        differences=found,
        theirs=theirs,
        carried=carried(request.form, leave_out=("version", "base", AGREED, AGAIN)),
    )
    return page, 409


def warn_of_the_past(event: Event, starts_at: datetime, now: datetime) -> None:
    """A draft may hold a date that is over; said at once, since it cannot be published so."""
    if starts_at <= now and not event.is_record:
        words = f"{past_words(event, starts_at)} Move or remove it before you publish."
        flash(words, "warning")


def reason_asked_for() -> str:
    """What the page of minimum numbers fills in, to be changed; else empty."""
    return TOO_FEW if request.args.get("why") == "minimum" else ""


def wants_form_again() -> bool:
    return AGAIN in request.form


def has_agreed() -> bool:
    return AGREED in request.form


def search_words() -> str:
    """The words of ``?q=``, cleaned and cut."""
    return clean(request.args.get("q", "")[:LONGEST_SEARCH], max_length=LONGEST_SEARCH * 4)


def and_tell(words: str, number: int) -> str:
    """Move this date and tell 12 people: the words of a button."""
    return f"{words} and tell {count_words(number, 'person', 'people')}" if number else words


def people_told(number: int) -> str:
    """, and 12 people were told: the end of a sentence that says what was done."""
    if not number:
        return ". Nobody had to be told"
    return ", and 1 person was told" if number == 1 else f", and {number} people were told"
