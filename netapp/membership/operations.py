"""Membership is given and ended by hand, and each time a line says by whom."""

from datetime import date, datetime, timedelta

from sqlalchemy import or_, select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.kernel.words import day_words
from netapp.kernel.zones import to_local
from netapp.membership.errors import AlreadyMember, EndsBeforeItStarts, HasEnded
from netapp.membership.models import Membership
from netapp.people.models import Person


def grant(
    session: DbSession,
    *,
    person_id: int,
    starts_on: date,
    ends_on: date | None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Membership:
    """Make somebody a member from one day to another, both included; without the last one until
    it is ended.

    Raises ``EndsBeforeItStarts``, ``AlreadyMember``, ``NotFound``.
    """
    person = _hold_person(session, person_id)
    if ends_on and ends_on < starts_on:
        raise EndsBeforeItStarts
    overlaps = [
        Membership.person_id == person.id,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= starts_on),
    ]
    if ends_on:
        overlaps.append(Membership.starts_on <= ends_on)
    if session.scalar(select(Membership.id).where(*overlaps).limit(1)) is not None:
        raise AlreadyMember
    held = Membership(
        person_id=person.id,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_at=now,
        granted_by_id=actor.id,
        note=note,
    )
    session.add(held)
    session.flush()
    until = f"until {day_words(ends_on)}" if ends_on else "without an end"
    summary = f"Made {person.name} a member from {day_words(starts_on)} {until}."
    _record(session, person, "membership.grant", summary, note, actor, now)
    return held


def end(
    session: DbSession, *, person_id: int, starts_on: date, actor: Actor, now: datetime
) -> None:
    """End the membership that began on this day: yesterday was its last day, so that it ends at
    once. One that began today or has not begun is gone.

    Raises ``NotFound``, ``HasEnded``.
    """
    person = _hold_person(session, person_id)
    held = session.scalar(
        select(Membership)
        .where(Membership.person_id == person_id, Membership.starts_on == starts_on)
        .order_by(Membership.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    if held is None:
        raise NotFound
    today = to_local(now, site_of(session).zone).date()
    if held.ends_on and held.ends_on < today:
        raise HasEnded
    if held.starts_on >= today:
        session.delete(held)
    else:
        held.ends_on = today - timedelta(days=1)
        held.ended_early = True
    session.flush()
    summary = f"Ended the membership of {person.name}."
    _record(session, person, "membership.end", summary, "", actor, now)


def _hold_person(session: DbSession, person_id: int) -> Person:
    """Two grants for one person wait for each other."""
    hold = update(Person).where(Person.id == person_id).values(id=Person.id).returning(Person)
    person = session.scalar(hold, execution_options={"populate_existing": True})
    if person is None:
        raise NotFound
    return person


def _record(
    session: DbSession,
    person: Person,
    action: str,
    summary: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"person:{person.key}",
        summary=summary,
        reason=reason,
        now=now,
    )
