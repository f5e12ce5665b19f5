"""Give interest and take it back: one row for each person and event or idea."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, bindparam, delete, func, or_, select, update

from netapp.events.errors import (
    BookingIsOpen,
    InterestLinkEnded,
    InterestOfMembers,
    NoInterestTaken,
    TooMuchInterest,
)
from netapp.events.models import (
    Audience,
    EventSession,
    Idea,
    IdeaState,
    Interest,
    InterestRequest,
)
from netapp.events.operations import interest_letters as letters
from netapp.events.operations.guard import UNSYNCED
from netapp.events.policies import STRANGER
from netapp.events.queries.interest import has_live_booking
from netapp.events.queries.topics import Topic, event_to_weigh, is_to_come, takes_interest
from netapp.events.queries.windows import standing_of
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.limits import Limit, count_and_check
from netapp.kernel.site import site_of
from netapp.kernel.tokens import hash_token, new_key, new_token
from netapp.people.models import Person
from netapp.people.operations.guests import find_or_add_guest
from netapp.people.queries import ids_by_address

REQUEST_LIVES: Final = timedelta(days=3)
"""How long the link in a guest's mail can be used."""

BY_ADDRESS: Final = Limit("interest of guests, email address", 5, timedelta(hours=1))
BY_CLIENT: Final = Limit("interest of guests, client address", 40, timedelta(hours=1))


def count_guest_interest(session: DbSession, *, email: str, client: str, now: datetime) -> None:
    """Count one more try of a guest. Commit it by itself, also when it is refused.

    Raises ``TooMuchInterest``, alike for known and unknown addresses.
    """
    by_client = count_and_check(session, BY_CLIENT, client, now)
    by_address = count_and_check(session, BY_ADDRESS, email, now)
    if not (by_client and by_address):
        raise TooMuchInterest


def give_interest(session: DbSession, *, topic: Topic, person: Person, now: datetime) -> Interest:
    """One person would come. Harmless when repeated; whoever was told already is told again.

    Raises ``NotFound``, ``BookingIsOpen``, ``InterestOfMembers`` and ``NoInterestTaken``.
    """
    event_id = _weigh(session, topic, person, now)
    return _keep(session, topic, event_id, person, now)


def ask_for_interest(
    session: DbSession, *, topic: Topic, email: str, name: str, now: datetime
) -> None:
    """A guest would come: a mail asks whether the address is theirs, and says so where we know
    of it already. ``email`` is canonical.

    Raises what ``give_interest`` raises.
    """
    _weigh(session, topic, None, now)
    known = session.scalar(
        select(Interest)
        .join(Interest.person)
        .where(
            Interest.person_id.in_(ids_by_address(email)),
            _row_of(topic),
            Interest.booked_at.is_(None),
        )
    )
    mine = InterestRequest.email == email, *_request_of(topic)
    session.execute(delete(InterestRequest).where(*mine), execution_options=UNSYNCED)
    token = new_token()
    request = InterestRequest(
        token_hash=hash_token(token),
        email=email,
        name=name,
        event_id=topic.event_id,
        idea_id=topic.idea_id,
        asked_at=now,
        ends_at=now + REQUEST_LIVES,
    )
    session.add(request)
    session.flush()
    if known is None:
        letters.asked(session, topic=topic, email=email, name=name, token=token, now=now)
    else:
        letters.known(session, topic=topic, found=known, email=email, now=now)
        session.delete(request)
    session.flush()


def confirm_interest(session: DbSession, *, token: str, now: datetime) -> Interest:
    """The link in a guest's mail was used: the address is theirs, and their interest counts.

    Raises ``InterestLinkEnded``, and what ``give_interest`` raises.
    """
    used = session.scalar(
        delete(InterestRequest)
        .where(InterestRequest.token_hash == hash_token(token), InterestRequest.ends_at > now)
        .returning(InterestRequest),
        execution_options=UNSYNCED,
    )
    if used is None:
        raise InterestLinkEnded
    topic = Topic(title="", path="", event_id=used.event_id, idea_id=used.idea_id)
    person = find_or_add_guest(session, email=used.email, name=used.name, now=now)
    if person.email_confirmed_at is None:
        person.email_confirmed_at = now
    event_id = _weigh(session, topic, person, now)
    return _keep(session, topic, event_id, person, now)


def take_back(session: DbSession, *, interest_id: int) -> None:
    """Nothing stays of it. Harmless when repeated."""
    mine = delete(Interest).where(Interest.id == interest_id)
    session.execute(mine, execution_options=UNSYNCED)


def mark_booked(session: DbSession, *, event_id: int, person_id: int, now: datetime) -> None:
    """Whoever books was interested and is a booker now. Under the event's lock."""
    asked = {"in_event": event_id, "of_person": person_id, "now": now}
    session.execute(_MARK_BOOKED, asked, execution_options=UNSYNCED)


_MARK_BOOKED = (
    update(Interest)
    .where(
        Interest.event_id == bindparam("in_event"),
        Interest.person_id == bindparam("of_person"),
        Interest.booked_at.is_(None),
    )
    .values(booked_at=bindparam("now"))
)


def delete_old_interest(session: DbSession, now: datetime) -> int:
    """Delete what is older than the setting, what is in events whose last date is over, and what
    guests never confirmed. For the worker."""
    oldest = now - timedelta(days=site_of(session).interest_keep_days)
    over = (
        select(EventSession.event_id)
        .group_by(EventSession.event_id)
        .having(func.max(EventSession.ends_at) <= now)
    )
    ended = or_(Interest.given_at <= oldest, Interest.event_id.in_(over))
    gone = session.execute(delete(Interest).where(ended), execution_options=UNSYNCED)
    unused = delete(InterestRequest).where(InterestRequest.ends_at <= now)
    asked = session.execute(unused, execution_options=UNSYNCED)
    return int(getattr(gone, "rowcount", 0)) + int(getattr(asked, "rowcount", 0))


def lock_idea(session: DbSession, idea_id: int) -> Idea:
    """Lock the idea until commit and read it, as ``guard.lock_event`` does. Raises ``NotFound``."""
    touch = update(Idea).where(Idea.id == idea_id).values(revision=Idea.revision + 1)
    locked = session.scalar(touch.returning(Idea), execution_options={"populate_existing": True})
    if locked is None:
        raise NotFound
    assert isinstance(locked, Idea)
    return locked


def _weigh(session: DbSession, topic: Topic, person: Person | None, now: datetime) -> int | None:
    """Refuse what takes no interest now; returns the id of the event, for an idea that of the
    event it has become (None while it has not)."""
    event_id = topic.event_id
    if topic.idea_id is not None:
        idea = lock_idea(session, topic.idea_id)
        if idea.state is IdeaState.CLOSED:
            raise NoInterestTaken
        event_id = idea.event_id
        if event_id is None:
            return None
    assert event_id is not None
    event = event_to_weigh(session, event_id)
    if event is None:
        raise NotFound
    if topic.idea_id is not None and event.published_at is None:
        return event_id
    standing = standing_of(session, person, event, now=now) if person else STRANGER
    if event.audience is Audience.MEMBERS and not standing.is_member:
        raise InterestOfMembers
    if not is_to_come(event, now):
        raise NoInterestTaken
    if not takes_interest(session, event, standing, now):
        raise BookingIsOpen
    return event_id


def _keep(
    session: DbSession, topic: Topic, event_id: int | None, person: Person, now: datetime
) -> Interest:
    """The row of this person, made or begun anew: what was told is to be told again."""
    row = insert_for(session, Interest).values(
        key=new_key(),
        event_id=event_id,
        idea_id=topic.idea_id,
        person_id=person.id,
        given_at=now,
    )
    session.execute(row.on_conflict_do_nothing())
    found = session.scalars(
        select(Interest).where(_row_of(topic, event_id), Interest.person_id == person.id),
        execution_options={"populate_existing": True},
    ).one()
    booked = event_id is not None and has_live_booking(
        session, event_id=event_id, person_id=person.id
    )
    if booked:
        found.booked_at = found.booked_at or now
    elif found.told_at or found.booked_at:
        found.given_at, found.told_at, found.booked_at = now, None, None
    session.flush()
    return found


def _row_of(topic: Topic, event_id: int | None = None) -> ColumnElement[bool]:
    event_id = event_id or topic.event_id
    return Interest.event_id == event_id if event_id else Interest.idea_id == topic.idea_id


def _request_of(topic: Topic) -> tuple[ColumnElement[bool], ...]:
    return (
        InterestRequest.event_id.is_not_distinct_from(topic.event_id),
        InterestRequest.idea_id.is_not_distinct_from(topic.idea_id),
    )
