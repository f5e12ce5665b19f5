"""Edits of an event as a whole: its words, its rules of booking, its access, and publishing it."""

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.errors import (
    AddressTaken,
    AlreadyPublished,
    BookedAsFixed,
    EventCancelled,
    ModeBooked,
    NotReady,
    OnlyDrafts,
)
from netapp.events.models import (
    Booking,
    BookingWindow,
    Event,
    EventHelper,
    EventPattern,
    EventSession,
    EventStatus,
    EventTerm,
    FormerSlug,
    PatternDate,
    PlaceState,
    Pool,
    Segment,
)
from netapp.events.operations import letters
from netapp.events.operations.creating import is_slug_taken
from netapp.events.operations.event_questions import drop_questions
from netapp.events.operations.guard import lock_event
from netapp.events.operations.ideas import release_idea
from netapp.events.operations.revising import Outcome, close_edit, open_event
from netapp.events.operations.waiting import settle
from netapp.events.operations.windows import rank_anew
from netapp.events.plans import AccessAnswers, BookingRules, Details
from netapp.events.policies import is_coming
from netapp.events.queries.changes import Change, title_change
from netapp.events.queries.live_places import live_places
from netapp.events.queries.readiness import missing_for
from netapp.kernel.db import DbSession
from netapp.kernel.errors import StaleEdit

WORDS = (
    "title", "summary", "description", "kind", "theme", "art", "audience", "hosts", "partners",
    "who_for", "cost",
)  # fmt: skip
RULES = (
    "booked_as", "booking_opens_at", "booking_closes_at", "change_until_hours",
    "has_waiting_list", "offer_hours", "join_hours", "party_most", "name_until_days",
    "pass_limit", "reminder_hour", "organiser_id",
)  # fmt: skip


def save_details(
    session: DbSession,
    *,
    event_id: int,
    details: Details,
    seen_version: int,
    message: str = "",
    actor: Actor,
    now: datetime,
) -> Outcome:
    """The words of an event, its address and its terms.

    A new title of a published event reaches those who have a place in a date to come, with an
    update for their calendars; ``message`` goes with it. Raises ``StaleEdit``, ``AddressTaken``
    and ``ModeBooked``.
    """
    event, before = open_event(session, event_id, seen_version)
    changes = title_change(event, details.title)
    changed = [name for name in WORDS if getattr(event, name) != getattr(details, name)]
    for name in changed:
        setattr(event, name, getattr(details, name))
    if details.mode is not event.mode:
        _change_mode(session, event, details)
        changed.append("mode")
    if details.slug != event.slug:
        _change_slug(session, event, details.slug)
        changed.append("slug")
    if _change_terms(session, event, details.term_ids):
        changed.append("terms")
    if not changed:
        return Outcome()
    close_edit(session, event, before, now)
    _record(session, event, actor, "event.edit", _edited(changed, event), now, changed=changed)
    if not changes or event.status is not EventStatus.PUBLISHED:
        return Outcome()
    return Outcome(told=_tell_title(session, event, changes, message, now))


def save_booking_rules(
    session: DbSession,
    *,
    event_id: int,
    rules: BookingRules,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Event:
    """How an event is booked. Raises ``StaleEdit`` and ``BookedAsFixed``."""
    event, before = open_event(session, event_id, seen_version)
    if rules.booked_as is not event.booked_as and has_bookings(session, event.id):
        raise BookedAsFixed
    changed = [name for name in RULES if getattr(event, name) != getattr(rules, name)]
    for name in changed:
        setattr(event, name, getattr(rules, name))
    if changed:
        close_edit(session, event, before, now)
        if event.windows:
            rank_anew(session, event, now)
        settle(session, event, now)  # Who may go before a party may be another one.
        words = f"Changed how {event.title} is booked."
        _record(session, event, actor, "event.rules", words, now, changed=changed)
    return event


def save_access(
    session: DbSession,
    *,
    event_id: int,
    access: AccessAnswers,
    seen_version: int,
    actor: Actor,
    now: datetime,
) -> Event:
    """What is known about access, and whom to ask. Raises ``StaleEdit``."""
    event, before = open_event(session, event_id, seen_version)
    event.access_facts = [{"kind": kind, "text": text} for kind, text in access.facts]
    event.access_contact_name = access.contact_name
    event.access_contact_email = access.contact_email
    event.ask_days = access.ask_days
    close_edit(session, event, before, now)
    words = f"Changed what {event.title} says about access."
    _record(session, event, actor, "event.access", words, now)
    return event


def publish_event(
    session: DbSession, *, event_id: int, seen_version: int, actor: Actor, now: datetime
) -> Event:
    """Show a draft to the public, in lists and calendars.

    Raises ``StaleEdit``, ``AlreadyPublished``, ``EventCancelled``, and ``NotReady`` while
    ``queries.readiness.missing_for`` names anything.
    """
    event, before = open_event(session, event_id, seen_version)
    if event.status is EventStatus.PUBLISHED:
        raise AlreadyPublished
    if event.status is EventStatus.CANCELLED:
        raise EventCancelled
    if missing_for(event, event.sessions, now):
        raise NotReady
    event.status, event.published_at = EventStatus.PUBLISHED, now
    for date in event.sessions:
        date.revised_at = now
    close_edit(session, event, before, now)
    _record(session, event, actor, "event.publish", f"Published {event.title}.", now)
    return event


def delete_draft(
    session: DbSession, *, event_id: int, seen_version: int, actor: Actor, now: datetime
) -> str:
    """Delete what was never published; returns its title. Raises ``StaleEdit``, ``OnlyDrafts``."""
    event = lock_event(session, event_id)
    if event.version != seen_version:
        raise StaleEdit
    if event.published_at is not None or has_bookings(session, event.id):
        raise OnlyDrafts
    title = event.title
    release_idea(session, event_id=event.id)
    drop_questions(session, event_id=event.id)
    dates = select(EventSession.id).where(EventSession.event_id == event.id)
    for rows in (
        delete(Segment).where(Segment.session_id.in_(dates)),
        delete(Pool).where(Pool.session_id.in_(dates)),
        delete(PatternDate).where(PatternDate.session_id.in_(dates)),
        delete(EventSession).where(EventSession.event_id == event.id),
        delete(EventPattern).where(EventPattern.event_id == event.id),
        delete(EventTerm).where(EventTerm.event_id == event.id),
        delete(FormerSlug).where(FormerSlug.event_id == event.id),
        delete(BookingWindow).where(BookingWindow.event_id == event.id),
        delete(EventHelper).where(EventHelper.event_id == event.id),
        delete(Event).where(Event.id == event.id),
    ):
        session.execute(rows, execution_options={"synchronize_session": False})
    _record(session, event, actor, "event.delete", f"Deleted the draft {title}.", now)
    return title


def has_bookings(session: DbSession, event_id: int) -> bool:
    """Whether anybody ever booked it, also if they have cancelled since."""
    return bool(session.scalar(select(exists().where(Booking.event_id == event_id))))


def _change_mode(session: DbSession, event: Event, details: Details) -> None:
    """Each date has a pool of places for each way to take part. Once somebody has booked, ways may
    be added and none taken away."""
    before = set(event.mode.modes) if event.mode else set()
    modes = details.mode.modes if details.mode else ()
    if has_bookings(session, event.id) and not before <= set(modes):
        raise ModeBooked
    event.mode = details.mode
    for date in event.sessions if modes else ():
        kept = [pool for pool in date.pools if pool.mode in modes] or date.pools[:1]
        for pool in [pool for pool in date.pools if pool not in kept]:
            session.delete(pool)
        if kept[0].mode not in modes:
            kept[0].mode = modes[0]
        session.flush()
        there = {pool.mode for pool in kept}
        missing = [mode for mode in modes if mode not in there]
        session.add_all([Pool(session_id=date.id, mode=mode) for mode in missing])
    session.flush()
    for date in event.sessions:
        session.refresh(date, ["pools"])


def _change_slug(session: DbSession, event: Event, slug: str) -> None:
    """The former address leads on for ever, once anybody can have seen it."""
    if is_slug_taken(session, slug, own_id=event.id):
        raise AddressTaken
    former = event.slug
    session.execute(delete(FormerSlug).where(FormerSlug.slug == slug))
    event.slug = slug
    if event.published_at is not None:
        session.add(FormerSlug(slug=former, event_id=event.id))
    try:
        session.flush()
    except IntegrityError as error:
        raise AddressTaken from error


def _change_terms(session: DbSession, event: Event, term_ids: frozenset[int]) -> bool:
    has = set(session.scalars(select(EventTerm.term_id).where(EventTerm.event_id == event.id)))
    gone, new = has - term_ids, term_ids - has
    if gone:
        mine = EventTerm.event_id == event.id
        session.execute(delete(EventTerm).where(mine, EventTerm.term_id.in_(gone)))
    session.add_all([EventTerm(event_id=event.id, term_id=term) for term in sorted(new)])
    return bool(gone or new)


def _tell_title(
    session: DbSession, event: Event, changes: list[Change], message: str, now: datetime
) -> int:
    """One mail to each, with an update for each of their dates to come."""
    coming = [date.id for date in event.sessions if is_coming(date, now)]
    held = [p for p in live_places(session, coming) if p.state is PlaceState.CONFIRMED]
    return letters.renamed(session, event, held, changes=changes, reason=message, now=now)


def _edited(changed: list[str], event: Event) -> str:
    names = {"who_for": "who it is for", "slug": "address", "art": "drawn art"}
    what = ", ".join(names.get(name, name) for name in changed)
    return f"Changed {event.title}: {what}."


def _record(
    session: DbSession,
    event: Event,
    actor: Actor,
    action: str,
    summary: str,
    now: datetime,
    changed: list[str] | None = None,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"event:{event.key}",
        summary=summary,
        detail={"changed": changed} if changed else None,
        now=now,
    )
