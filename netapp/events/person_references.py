"""What follows of events when two people turn out to be one: see ``kernel.one_person``."""

from typing import Final

from netapp.events.models import (
    AccessNeed,
    AccessRequest,
    Answer,
    Attendee,
    Booking,
    Event,
    EventHelper,
    Interest,
    Place,
    SentInvitation,
)
from netapp.kernel.one_person import Follows, Once, Reference, StaysBehind

BOOKED_BOTH: Final = "Two bookings of one event become one; see operations/one_person.py."

REFERENCES: Final[tuple[Reference, ...]] = (
    *(
        StaysBehind(column, BOOKED_BOTH, is_moved=True)
        for column in (Booking.person_id, Attendee.person_id, Place.person_id)
    ),
    StaysBehind(AccessRequest.person_id, "Its mark names the person: made anew.", is_moved=True),
    Follows(AccessRequest.answered_by_id),
    Follows(
        AccessNeed.person_id,
        "event that was told what helps",
        "events that were told what helps",
        Once((AccessNeed.booking_id, AccessNeed.kind)),
    ),
    Follows(Answer.person_id, "answer to a question", "answers to questions"),
    Follows(
        Interest.person_id,
        "interest in an event",
        "interests in events",
        Once((Interest.event_id, Interest.idea_id)),
    ),
    Follows(
        SentInvitation.person_id,
        once=Once(
            (SentInvitation.session_id,),
            lend={"messages": max, "standing": lambda kept, gone: kept or gone},
        ),
    ),
    Follows(
        EventHelper.person_id,
        "event that they help with",
        "events that they help with",
        Once((EventHelper.event_id,), lend={"reads_needs": lambda kept, gone: kept or gone}),
    ),
    Follows(EventHelper.granted_by_id),
    Follows(Event.organiser_id, "event that they organise", "events that they organise"),
)
