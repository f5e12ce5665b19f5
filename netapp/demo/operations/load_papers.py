"""What piles up beside invented bookings: access needs, messages sent, audit lines."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.demo.operations.bulk import Row, insert_rows
from netapp.demo.operations.load_bookings import LoadedBooking
from netapp.demo.operations.load_people import HOST, Somebody, new_sample_key
from netapp.demo.sizes import Size
from netapp.events.models import Booking, PlaceState
from netapp.events.operations.needs import keep_need
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.mail.models import MailState, OutboxMessage

NEEDS = (
    *("captions", "BSL interpreter", "step-free route", "a seat near the front"),
    *("materials in advance", "a quiet room", "large print", "a place for a personal assistant"),
    *("hearing loop", "gluten-free food"),
)
MESSAGES = (
    ("events/booking_confirmed", "You are booked"),
    ("events/reminder", "Tomorrow"),
    ("events/waiting", "You are on the waiting list"),
    ("events/offer", "A place is free for you"),
    ("events/session_moved", "A new time"),
)
ACTS = (
    ("booking.add", "Booked for somebody who asked on the telephone."),
    ("booking.cancel", "Cancelled for somebody who wrote."),
    ("event.change", "Changed the place of a date."),
    ("membership.grant", "Granted a membership."),
    ("need.read", "Read what one person needs to take part."),
)
OLD_SHARE = 5  # One access need in five is kept for too long, so that deleting has work to do.


def load_needs(
    session: DbSession,
    *,
    size: Size,
    bookings: Sequence[LoadedBooking],
    chance: Random,
    now: datetime,
) -> int:
    """Sealed like real ones, on bookings to come, and a fifth on those long over."""
    keep_until = now - timedelta(days=site_of(session).needs_keep_days)
    live = [b for b in bookings if b.state is PlaceState.CONFIRMED]
    old = [b for b in live if b.event.ends_at < keep_until]
    fresh = [b for b in live if b.event.ends_at >= keep_until]
    number_old = min(size.access_needs // OLD_SHARE, len(old))
    number_fresh = min(size.access_needs - number_old, len(fresh))
    chosen = chance.sample(old, number_old) + chance.sample(fresh, number_fresh)
    for each in chosen:
        booking = session.scalars(select(Booking).where(Booking.id == each.id)).one()
        text = ", ".join(chance.sample(NEEDS, chance.randint(1, 3)))
        keep_need(session, booking=booking, text=f"Sample: {text}", now=each.booked_at)
        session.expunge_all()
    return len(chosen)


def load_messages(
    session: DbSession, *, size: Size, bookings: Sequence[LoadedBooking], chance: Random
) -> int:
    """All sent long ago, their texts purged: the worker has nothing to do with them."""
    return insert_rows(
        session,
        OutboxMessage,
        (_message(number, chance.choice(bookings), chance) for number in range(size.messages)),
    )


def _message(number: int, booking: LoadedBooking, chance: Random) -> Row:
    name, subject = MESSAGES[number % len(MESSAGES)]
    key = new_sample_key(chance, 16)
    return {
        "key": key,
        "message_id": f"<{key}@{HOST}>",
        "message": name,
        "about": f"booking:{booking.reference}",
        "to_name": booking.person.name,
        "to_email": booking.person.email,
        "subject": f"{booking.event.plan.title}: {subject}",
        "sealed": None,
        "state": MailState.SENT,
        "queued_at": booking.booked_at,
        "next_attempt_at": booking.booked_at,
        "retry_until": booking.booked_at + timedelta(days=1),
        "attempts": 1,
        "sent_at": booking.booked_at + timedelta(seconds=3),
    }


def load_audit_lines(
    session: DbSession,
    *,
    size: Size,
    bookings: Sequence[LoadedBooking],
    coordinators: Sequence[Somebody],
    chance: Random,
) -> int:
    return insert_rows(
        session, AuditLine, _audit_lines(size.audit_lines, bookings, coordinators, chance)
    )


def _audit_lines(
    number: int,
    bookings: Sequence[LoadedBooking],
    coordinators: Sequence[Somebody],
    chance: Random,
) -> Iterator[Row]:
    for _ in range(number):
        action, summary = chance.choice(ACTS)
        booking, actor = chance.choice(bookings), chance.choice(coordinators)
        about_event = action.startswith("event")
        yield {
            "at": booking.booked_at,
            "actor_id": actor.id,
            "actor_name": actor.name,
            "action": action,
            "subject": (
                f"event:{booking.event.key}" if about_event else f"booking:{booking.reference}"
            ),
            "summary": f"Sample: {summary}",
        }
