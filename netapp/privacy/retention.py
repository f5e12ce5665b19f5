"""How long what is kept about people is kept: one table, carried out each day by the worker.

What somebody was promised beside a tick (needs, answers, interest, texts of mails) is a setting of
the place that runs the platform, since a promise must not change under those who relied on it; the
rooms themselves carry it out. Everything else is here, and coordinators choose the days.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, select

from netapp.events.models import Booking, EventSession, Interest, Place
from netapp.events.personal_data import RULES as EVENTS
from netapp.groups.models import GroupMember
from netapp.imports.personal_data import RULES as IMPORTS
from netapp.kernel.changes import Change, Move
from netapp.kernel.personal_data import Delete, Rule
from netapp.mail.models import MailState, OutboxMessage
from netapp.membership.application_models import Application
from netapp.membership.models import Membership, Seat
from netapp.membership.personal_data import RULES as MEMBERSHIP
from netapp.organisations.models import Affiliation
from netapp.people.consent_models import PastConsent
from netapp.people.models import Person
from netapp.privacy.models import Ask


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


def _done_mail(before: datetime) -> ColumnElement[bool]:
    return and_(
        OutboxMessage.state != MailState.QUEUED,
        OutboxMessage.sealed.is_(None),
        func.coalesce(OutboxMessage.sent_at, OutboxMessage.queued_at) < before,
    )


OURS: Final = (
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
        "mail",
        "To whom a mail went, about what and when",
        "So that coordinators can see whether a mail went out.",
        days=730,
        at_least=60,
        at_most=3650,
        model=OutboxMessage,
        due=_done_mail,
        closing=Delete(),
    ),
    Rule(
        "changes",
        "How somebody’s details were before a coordinator changed or merged them",
        "So that what was changed can be put back.",
        days=30,
        at_least=7,
        at_most=90,
        model=Change,
        due=lambda before: Change.at < before,
        closing=Delete(),
        parts=(Move.change_id,),
    ),
    Rule(
        "consents",
        "What people agreed to, once it has ended",
        "So that we can show that they had agreed, and that we heeded the end.",
        days=1095,
        at_least=30,
        at_most=2190,
        model=PastConsent,
        due=lambda before: PastConsent.ended_at < before,
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

ALL: Final = (*OURS, *EVENTS, *MEMBERSHIP, *IMPORTS)
RULES: Final[Mapping[str, Rule]] = {rule.name: rule for rule in ALL}


def is_over(rule: Rule, days: int, now: datetime) -> ColumnElement[bool]:
    """The condition that a row has been kept for longer than so many days."""
    return rule.due(now - timedelta(days=days))
