"""How long what is kept about people is kept: one table, carried out each day by the worker.

What somebody was promised beside a tick (needs, answers, interest, texts of mails) is a setting of
the place that runs the platform, since a promise must not change under those who relied on it; the
rooms themselves carry it out. Everything else is here, and coordinators choose the days.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from netapp.events.models import Attendee, Booking, EventSession, Interest, Place
from netapp.groups.models import GroupMember
from netapp.kernel.db import Base
from netapp.kernel.personal_data import Clear, Closing, Delete
from netapp.mail.models import MailState, OutboxMessage
from netapp.membership.application_models import (
    Application,
    ApplicationState,
    ApplicationStep,
    Referee,
)
from netapp.membership.models import Membership, Seat
from netapp.organisations.models import Affiliation
from netapp.people.models import Person
from netapp.people.personal_data import FORMER_NAME
from netapp.privacy.models import Ask

Due = Callable[[datetime], ColumnElement[bool]]
"""From the moment before which things are too old to the condition that a row is."""


@dataclass(frozen=True, slots=True)
class Rule:
    """``days`` is what holds until coordinators choose another number between the two limits.

    ``closing``: what becomes of a row whose time is over; None: a person, taken out of every room.
    """

    name: str
    what: str
    why: str
    days: int
    at_least: int
    at_most: int
    model: type[Base]
    due: Due
    closing: Closing | None
    parts: tuple[InstrumentedAttribute[int], ...] = ()  # Columns of rows that go with it.


def _guests(before: datetime) -> ColumnElement[bool]:
    """Nobody's account, nothing to come, and nothing since: no booking, membership, group."""
    lately = (
        select(Booking.id).where(Booking.person_id == Person.id, Booking.booked_at >= before),
        select(Place.id)
        .join(EventSession, EventSession.id == Place.session_id)
        .where(Place.person_id == Person.id, EventSession.ends_at >= before),
        select(Interest.id).where(Interest.person_id == Person.id),
        select(Membership.id).where(Membership.person_id == Person.id),
        select(Seat.id).where(Seat.person_id == Person.id),
        select(Affiliation.id).where(Affiliation.person_id == Person.id),
        select(GroupMember.id).where(GroupMember.person_id == Person.id),
        select(Application.id).where(Application.person_id == Person.id),
    )
    return and_(
        Person.registered_at.is_(None),
        Person.disabled_at.is_(None),
        Person.created_at < before,
        *(~found.correlate(Person).exists() for found in lately),
    )


def _over_since(before: datetime) -> ColumnElement[bool]:
    """Bookings all of whose dates ended before; one without a place, by when it was made."""
    last = (
        select(func.max(EventSession.ends_at))
        .join(Place, Place.session_id == EventSession.id)
        .where(Place.booking_id == Booking.id)
        .correlate(Booking)
        .scalar_subquery()
    )
    return func.coalesce(last, Booking.booked_at) < before


def _names_of_parties(before: datetime) -> ColumnElement[bool]:
    return and_(
        Attendee.name.not_in(("", FORMER_NAME)),
        Attendee.booking_id.in_(select(Booking.id).where(_over_since(before))),
    )


RULES: Final[Mapping[str, Rule]] = {
    rule.name: rule
    for rule in (
        Rule(
            "guests",
            "Guests who have not booked again",
            "So that nobody stays in our lists because they came once.",
            days=730,
            at_least=90,
            at_most=3650,
            model=Person,
            due=_guests,
            closing=None,
        ),
        Rule(
            "bookings",
            "Names on bookings of past events",
            "So that certificates and questions of funders can be answered for a time.",
            days=2190,
            at_least=365,
            at_most=3650,
            model=Booking,
            due=lambda before: and_(_over_since(before), Booking.name != FORMER_NAME),
            closing=Clear(
                {"name": FORMER_NAME, "organisation": "", "order_number": ""},
                why="The number of people who came stays true.",
            ),
        ),
        Rule(
            "attendees",
            "Names of those somebody booked for",
            "As long as the names on bookings.",
            days=2190,
            at_least=365,
            at_most=3650,
            model=Attendee,
            due=_names_of_parties,
            closing=Clear({"name": ""}, why="The number of people who came stays true."),
        ),
        Rule(
            "applications",
            "Applications that were declined or withdrawn",
            "So that a second application can be read with the first.",
            days=365,
            at_least=30,
            at_most=1095,
            model=Application,
            due=lambda before: and_(
                Application.state.in_((ApplicationState.DECLINED, ApplicationState.WITHDRAWN)),
                func.coalesce(Application.decided_at, Application.sent_at) < before,
            ),
            closing=Delete(),
            parts=(ApplicationStep.application_id, Referee.application_id),
        ),
        Rule(
            "mail",
            "To whom a mail went, about what and when",
            "So that coordinators can see whether a mail went out.",
            days=730,
            at_least=60,
            at_most=3650,
            model=OutboxMessage,
            due=lambda before: and_(
                OutboxMessage.state != MailState.QUEUED,
                OutboxMessage.sealed.is_(None),
                func.coalesce(OutboxMessage.sent_at, OutboxMessage.queued_at) < before,
            ),
            closing=Delete(),
        ),
        Rule(
            "asks",
            "What people asked about their data, once answered",
            "So that we can show that we answered.",
            days=1095,
            at_least=365,
            at_most=3650,
            model=Ask,
            due=lambda before: Ask.answered_at < before,
            closing=Delete(),
        ),
    )
}


def before(rule: Rule, days: int, now: datetime) -> ColumnElement[bool]:
    """The condition that a row's time is over at ``now``."""
    return rule.due(now - timedelta(days=days))
