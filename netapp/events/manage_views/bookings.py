"""The bookings of an event on the desk: find, add by hand, cancel, take away, the waiting list."""

from typing import Final

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from netapp.audit import operations as audit
from netapp.events.errors import AlreadyBooked, BookingRefused, ModeNotChosen, NothingChosen
from netapp.events.forms import mode_of
from netapp.events.manage_forms.bookings import AddBookingForm, CancelBookingForm
from netapp.events.manage_views.booking_page import booking_or_404, booking_page
from netapp.events.manage_views.shared import editor_page, event_or_404, search_words
from netapp.events.manage_words import SOURCES, STATES
from netapp.events.models import BookedAs, Event, EventMode
from netapp.events.operations import by_hand, changing
from netapp.events.operations.booking import Wish
from netapp.events.policies import is_coming
from netapp.events.queries import manage_bookings as queries
from netapp.events.queries.booking_rows import BookingRow, PersonRow
from netapp.events.queries.by_hand import by_hand_lines
from netapp.events.queries.manage_answers import (
    AnswerColumns,
    answer_columns,
    open_by_booking,
)
from netapp.events.queries.manage_bookings import Wanted, moment_words
from netapp.events.queries.manage_waiting import waiting_dates
from netapp.extensions import db
from netapp.kernel.clock import utcnow
from netapp.kernel.db import unit_of_work
from netapp.kernel.pages import page_number
from netapp.kernel.text import clean
from netapp.people.session import actor
from netapp.web import once
from netapp.web.csv_export import csv_response
from netapp.web.policy import event_helper, policy

bp = Blueprint("desk_bookings", __name__, url_prefix="/desk/events/<key>")

EXPORTED: Final = [
    *("Reference", "Name", "Email", "Organisation", "Order number"),
    *("Booked by", "Their email", "Booked at", "How"),
]
FILTERS: Final = [
    ("live", "All that stand"),
    ("confirmed", "With a place"),
    ("offered", "With a place on offer"),
    ("waiting", "Waiting"),
    ("cancelled", "Cancelled"),
    ("all", "Everything"),
]


@bp.get("/bookings")
@policy(event_helper)
def index(key: str) -> ResponseReturnValue:
    event, wanted, now = event_or_404(key), _wanted(), utcnow()
    number = page_number(request.args.get("page"))
    page = queries.bookings_page(db.session(), event, wanted, number=number)
    return editor_page(
        "bookings.html",
        event,
        "bookings",
        page=page,
        unanswered=open_by_booking(db.session(), event, [row.id for row in page.items], now),
        counts=queries.date_counts(db.session(), event, now),
        wanted=wanted,
        filters=FILTERS,
        sources=SOURCES,
        states=STATES,
    )


@bp.post("/bookings.csv")
@policy(event_helper, again=True)
def export(key: str) -> ResponseReturnValue:
    """A POST, because taking a list of people away is written down."""
    event, wanted, now = event_or_404(key), _wanted(), utcnow()
    rows = queries.all_bookings(db.session(), event, wanted)
    with unit_of_work(db.session):
        audit.record(
            db.session,
            actor=actor(),
            action="booking.export",
            subject=f"event:{event.key}",
            summary=f"Took away {len(rows)} bookings of {event.title} as a table.",
            now=now,
        )
    days = [moment_words(date.starts_at, event.zone) for date in event.sessions]
    answers = answer_columns(db.session(), event, [row.id for row in rows])
    return csv_response(
        f"{event.slug}-bookings.csv",
        [*EXPORTED, *days, *answers.header],
        [line for row in rows for line in _lines_of(row, event, answers)],
    )


@bp.get("/bookings/new")
@policy(event_helper)
def new(key: str) -> ResponseReturnValue:
    return _new_page(event_or_404(key), AddBookingForm(formdata=None))


@bp.post("/bookings/new")
@policy(event_helper)
def add(key: str) -> ResponseReturnValue:
    event, form, now = event_or_404(key), AddBookingForm(), utcnow()
    if not form.validate():
        return _new_page(event, form), 422
    whole = event.booked_as is BookedAs.WHOLE
    wish = Wish(
        session_keys=None if whole else form.dates.data,
        name=form.name.data,
        mode=mode_of(form.mode.data) if event.mode is EventMode.HYBRID else None,
        kept_first=form.kept_first.data,
        party=form.party,
    )
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"booking.add:{key}", now):
                return redirect(earlier.result, code=303)
            booking = by_hand.add_by_hand(
                db.session,
                event_id=event.id,
                email=form.email.address,
                wish=wish,
                reason=form.reason.data,
                actor=actor(),
                now=now,
            )
            target = once.finish(url_for(".show", key=key, reference=booking.reference))
    except ModeNotChosen:
        form.mode.errors = ["Choose how they take part: in person or online."]
        return _new_page(event_or_404(key), form), 422
    except NothingChosen as refusal:
        form.dates.errors = [refusal.message]
        return _new_page(event_or_404(key), form), 422
    except BookingRefused as refusal:
        return _new_page(event_or_404(key), form, refusal), 409
    flash(f"{form.name.data} is added, and a mail is on its way to them.", "success")
    return redirect(target, code=303)


@bp.get("/bookings/<reference>")
@policy(event_helper)
def show(key: str, reference: str) -> ResponseReturnValue:
    event, story = booking_or_404(key, reference)
    return booking_page(event, story)


@bp.post("/bookings/<reference>/cancel")
@policy(event_helper)
def cancel(key: str, reference: str) -> ResponseReturnValue:
    event, story = booking_or_404(key, reference)
    form, now = CancelBookingForm(), utcnow()
    if not form.validate():
        return booking_page(event, story, form), 422
    target = url_for(".show", key=key, reference=story.row.reference)
    try:
        with unit_of_work(db.session):
            if earlier := once.begin(f"booking.cancel:{story.row.reference}", now):
                return redirect(earlier.result, code=303)
            changing.cancel_for_person(
                db.session,
                booking_id=story.row.id,
                reason=form.reason.data,
                actor=actor(),
                now=now,
            )
            once.finish(target)
    except BookingRefused as refusal:
        flash(refusal.message, "error")
    else:
        flash(f"The booking of {story.row.name} is cancelled, and they are told.", "success")
    return redirect(target, code=303)


@bp.get("/waiting")
@policy(event_helper)
def waiting(key: str) -> ResponseReturnValue:
    event = event_or_404(key)
    dates = waiting_dates(db.session(), event, utcnow())
    by_hand = by_hand_lines(db.session(), event)
    return editor_page("waiting.html", event, "bookings", dates=dates, by_hand=by_hand)


def _lines_of(row: BookingRow, event: Event, answers: AnswerColumns) -> list[list[str]]:
    """One line for each person, with what they answered; of a party without a name while nobody is
    named."""
    keys = [date.key for date in event.sessions]
    alone = {key: state for key in keys if (state := row.state_on(key)) is not None}
    people = row.people or (PersonRow(row.name, row.email, alone, row.live),)
    return [
        [
            row.reference,
            person.name,
            person.email,
            row.organisation,
            row.order_number,
            row.name,
            row.email,
            moment_words(row.booked_at, event.zone),
            SOURCES[row.source],
            *(STATES[person.states[key]] if key in person.states else "" for key in keys),
            *answers.of(row.id, number),
        ]
        for number, person in enumerate(people)
    ]


def _wanted() -> Wanted:
    """What the address asks for; anything odd counts as not asked."""
    state = request.args.get("state", "live")
    return Wanted(
        words=search_words(),
        date=clean(request.args.get("date", "")[:32], max_length=128),
        state=state if state in queries.STATES else "live",
    )


def _new_page(event: Event, form: AddBookingForm, refusal: BookingRefused | None = None) -> str:
    now = utcnow()
    counts = {count.key: count for count in queries.date_counts(db.session(), event, now)}
    reference = refusal.reference if isinstance(refusal, AlreadyBooked) else ""
    booked = queries.booking_story(db.session(), event, reference, now) if reference else None
    return editor_page(
        "booking_new.html",
        event,
        "bookings",
        form=form,
        counts=[counts[date.key] for date in event.sessions if is_coming(date, now)],
        whole=event.booked_as is BookedAs.WHOLE,
        several=event.party_most > 1,
        refusal=refusal.message if refusal else "",
        booked=booked.row if booked else None,
    )
