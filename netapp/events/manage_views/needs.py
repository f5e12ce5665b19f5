"""What people said would help them take part: counted for all, opened by a button, answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.events.errors import AnswerMissing
from netapp.events.manage_forms.requests import RequestAnswerForm
from netapp.events.manage_views.shared import editor_page, event_or_404
from netapp.events.models import Event, EventMode
from netapp.events.operations import access_requests, needs
from netapp.events.queries.catering import CateringDay, catering, catering_rows
from netapp.events.queries.manage_needs import (
    OpenedNeed,
    OpenedRequest,
    in_vain_lines,
    need_counts,
    opened_needs,
    opened_requests,
)
from netapp.events.queries.unanswered import waits_besides
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.site import site_of
from netapp.people.session import actor, require_person
from netapp.web import once
from netapp.web.csv_export import csv_response
from netapp.web.policy import Viewer, event_needs, has_proved, policy

bp = Blueprint("desk_needs", __name__, url_prefix="/desk/events/<key>/needs")

MOST_AT_ONCE = 500
ANSWERED_ALREADY = (
    "Someone else answered this meanwhile. Look at what it says now; sending this once more "
    "replaces it, and the person is told again."
)


@bp.get("")
@policy(event_needs)
def index(key: str) -> ResponseReturnValue:
    return _page(key)


@bp.get("/requests/<request_key>")
@bp.get("/catering")
@bp.get("/catering.csv")
@policy(event_needs)
def back_to_needs(key: str, request_key: str = "") -> ResponseReturnValue:
    """Whoever loads the address of a form that was sent wants the page it was on."""
    return redirect(url_for(".index", key=key), code=303)


@bp.post("")
@policy(event_needs, again=True)
def read(key: str) -> ResponseReturnValue:
    """A POST, because each reading is written down."""
    return _opened_page(key)


@bp.post("/requests/<request_key>")
@policy(event_needs)
def answer_request(key: str, request_key: str) -> ResponseReturnValue:
    """Booked, or not possible in words of one's own: the person is told. Who takes long over the
    words need not show again that it is them, so that none are lost."""
    event, form, now = event_or_404(key), RequestAnswerForm(), utcnow()
    if not form.validate():
        return _opened_page(key, Answering(request_key, form)), 422
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"answer request {request_key}", now):
                return redirect(earlier.result, code=303)
            answered_one = access_requests.answer_request(
                db.session,
                event_id=event.id,
                key=request_key,
                state=form.decided,
                answer=form.answer.data or "",
                seen_version=form.version.number,
                actor=actor(),
                now=now,
            )
            more = waits_besides(db.session(), answered_one)
            once.finish(url_for(".index", key=key))
    except AnswerMissing as refusal:
        form.answer.errors = [refusal.message]
        return _opened_page(key, Answering(request_key, form)), 422
    except StaleEdit:
        form.answer.errors = [ANSWERED_ALREADY]
        return _opened_page(key, Answering(request_key, form)), 409
    except NotFound:
        flash("That request was withdrawn. Nobody needs an answer any more.", "info")
        return redirect(url_for(".index", key=key), code=303)
    flash("Noted, and the person is told by email.", "success")
    if more:
        flash("They told us something else, too: it still waits for an answer.", "info")
    return redirect(url_for(".index", key=key), code=303)


@bp.post("/catering")
@policy(event_needs, again=True)
def for_caterer(key: str) -> ResponseReturnValue:
    """Numbers for each date and texts without names, to be printed."""
    event = event_or_404(key)
    return editor_page("catering.html", event, "needs", days=_counted(event))


@bp.post("/catering.csv")
@policy(event_needs, again=True)
def for_caterer_csv(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    rows = catering_rows(_counted(event))
    return csv_response(f"catering-{event.slug}.csv", ("Date", "What", "How many"), rows)


@bp.post("/answered")
@policy(event_needs)
def answered(key: str) -> ResponseReturnValue:
    """Those that were ticked have had an answer."""
    event, now = event_or_404(key), utcnow()
    sent = request.form.getlist("need")[:MOST_AT_ONCE]
    ticked = {key: mark for key, _, mark in (each.partition(".") for each in sent) if _is_key(key)}
    with unit_of_work(db.session):
        done = needs.answer_needs(db.session, event=event, read=ticked, actor=actor(), now=now)
    if done.marked:
        flash("Noted.", "success")
    if done.changed:
        people = "1 person has" if done.changed == 1 else f"{done.changed} people have"
        flash(
            f"{people} written something else since you opened the page. It still waits for an "
            "answer: show it again, and read it first.",
            "warning",
        )
    elif not done.marked:
        flash("Tick those you have answered.", "info")
    return redirect(url_for(".index", key=key), code=303)


def _is_key(text: str) -> bool:
    """No key of ours has anything else; a database may refuse what is not text."""
    return text.isascii() and text.isalnum()


@dataclass(frozen=True, slots=True)
class Answering:
    """An answer that was not taken: shown again below its request, with everything typed."""

    key: str
    form: RequestAnswerForm


def _counted(event: Event) -> list[CateringDay]:
    now = utcnow()
    with unit_of_work(db.session):
        needs.note_counting(db.session, event=event, actor=actor(), now=now)
        return catering(db.session(), event, now)


def _opened_page(key: str, answering: Answering | None = None) -> str:
    """Opens all of it, and writes down each reading; for whoever showed lately that it is them."""
    if not has_proved(cast(Viewer, require_person())):
        return _page(key, answering=answering)
    event, now = event_or_404(key), utcnow()
    with unit_of_work(db.session):
        found = needs.read_needs(db.session, event=event, actor=actor(), now=now)
        opened = opened_needs(db.session(), event, found, now)
        rows = access_requests.read_requests(db.session, event=event, actor=actor(), now=now)
        asked = opened_requests(db.session(), event, rows, now)
    return _page(key, opened, asked, answering)


def _page(
    key: str,
    opened: Sequence[OpenedNeed] | None = None,
    asked: Sequence[OpenedRequest] = (),
    answering: Answering | None = None,
) -> str:
    event = event_or_404(key)
    return editor_page(
        "needs.html",
        event,
        "needs",
        counts=need_counts(db.session(), event),
        in_vain=in_vain_lines(db.session(), event, utcnow()),
        serves_food=event.mode is not EventMode.ONLINE,
        opened=opened,
        asked=asked,
        answering=answering,
        empty_form=RequestAnswerForm(formdata=None),
        keep_days=site_of(db.session).needs_keep_days,
    )
