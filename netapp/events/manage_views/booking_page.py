"""The page of one booking on the desk, with the forms for what is done by hand."""

from dataclasses import dataclass

from flask import abort

from netapp.events.manage_forms.bookings import ByHandForm, CancelBookingForm
from netapp.events.manage_views.shared import editor_page, event_or_404
from netapp.events.manage_words import SOURCES, STATES
from netapp.events.models import LIVE_STATES, Event
from netapp.events.policies import is_coming
from netapp.events.queries.manage_answers import booking_answers
from netapp.events.queries.manage_bookings import BookingStory, booking_story
from netapp.events.queries.moves_by_hand import moves_of
from netapp.events.queries.swap_waits import KEPT_WORDS, swap_waits_of
from netapp.extensions import db
from netapp.kernel.clock import utcnow


@dataclass(frozen=True, slots=True)
class ByHand:
    """What was to be done by hand and was not: its form is shown open, with what was typed."""

    what: str  # give or move
    form: ByHandForm
    refusal: str = ""


def booking_or_404(key: str, reference: str) -> tuple[Event, BookingStory]:
    event = event_or_404(key)
    return event, booking_story(db.session(), event, reference, utcnow()) or abort(404)


def booking_page(
    event: Event,
    story: BookingStory,
    form: CancelBookingForm | None = None,
    tried: ByHand | None = None,
) -> str:
    now = utcnow()
    waits = swap_waits_of(db.session(), story.row.id)
    coming = {date.key for date in event.sessions if is_coming(date, now)}
    return editor_page(
        "booking_show.html",
        event,
        "bookings",
        booking=story,
        told=booking_answers(db.session(), event, story.row.id),
        open_places=[
            place
            for place in story.row.places
            if place.state in LIVE_STATES and place.date_key in coming
        ],
        swap_waits={
            date.key: KEPT_WORDS[wait.mode]
            for date in event.sessions
            for wait in waits
            if wait.session_id == date.id and date.key in coming
        },
        moves=moves_of(db.session(), event, story.row, now),
        form=form or CancelBookingForm(formdata=None),
        tried=tried,
        sources=SOURCES,
        states=STATES,
    )
