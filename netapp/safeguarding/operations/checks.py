"""Checks are noted, taken away, and asked for again in time."""

from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import joinedload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.zones import to_local
from netapp.people.models import Person
from netapp.safeguarding.errors import DueBeforeSeen, SeenInFuture
from netapp.safeguarding.models import Check, CheckKind
from netapp.safeguarding.operations import letters
from netapp.safeguarding.policies import REMIND_BEFORE, REMIND_EVERY
from netapp.safeguarding.queries import leads


def note_check(
    session: DbSession,
    *,
    person_key: str,
    kind: str,
    seen_on: date,
    due_on: date | None,
    actor: Actor,
    now: datetime,
) -> Check:
    """A check of this kind (its slug) was seen by ``actor``; it takes the place of an older one.

    Raises ``NotFound``, ``SeenInFuture``, ``DueBeforeSeen``.
    """
    hold = update(Person).where(Person.key == person_key).values(id=Person.id).returning(Person)
    person = session.scalar(hold)
    of_kind = session.scalar(select(CheckKind).where(CheckKind.slug == kind))
    if person is None or of_kind is None:
        raise NotFound
    if seen_on > _today(session, now):
        raise SeenInFuture
    if due_on and due_on <= seen_on:
        raise DueBeforeSeen
    _end(session, Check.person_id == person.id, Check.kind_id == of_kind.id, now=now)
    check = Check(
        key=new_key(),
        person_id=person.id,
        kind_id=of_kind.id,
        seen_on=seen_on,
        seen_by=actor.name,
        due_on=due_on,
        noted_at=now,
        noted_by_id=actor.id,
    )
    session.add(check)
    session.flush()
    _record(session, person, "check.note", "Noted a safeguarding check.", actor, now)
    return check


def remove_check(session: DbSession, *, key: str, actor: Actor, now: datetime) -> Person:
    """It was noted by mistake, or holds no more. Raises ``NotFound``."""
    check = session.scalar(
        select(Check)
        .where(Check.key == key, Check.ended_at.is_(None))
        .options(joinedload(Check.person))
    )
    if check is None:
        raise NotFound
    person = check.person
    _end(session, Check.id == check.id, now=now)
    _record(session, person, "check.remove", "Took a safeguarding check away.", actor, now)
    return person


def remind_of_checks(session: DbSession, now: datetime) -> int:
    """Remind one person, and those who look after checks, of one that is due: for the worker."""
    today = _today(session, now)
    check = session.scalar(
        select(Check)
        .join(Person, Person.id == Check.person_id)
        .where(
            Check.ended_at.is_(None),
            Check.due_on <= today + REMIND_BEFORE,
            or_(Check.reminded_on.is_(None), Check.reminded_on <= today - REMIND_EVERY),
            Person.disabled_at.is_(None),
        )
        .order_by(Check.due_on, Check.id)
        .limit(1)
        .options(joinedload(Check.person), joinedload(Check.kind))
    )
    if check is None:
        return 0
    taken = session.scalar(
        update(Check)
        .where(Check.id == check.id, Check.ended_at.is_(None))
        .where(or_(Check.reminded_on.is_(None), Check.reminded_on <= today - REMIND_EVERY))
        .values(reminded_on=today)
        .returning(Check.id),
        execution_options={"synchronize_session": False},
    )
    if taken is None:
        return 1  # Another worker was quicker.
    letters.check_due(session, check, today, leads(session), now)
    return 1


def _end(session: DbSession, *which: object, now: datetime) -> None:
    session.execute(
        update(Check)
        .where(*which, Check.ended_at.is_(None))  # type: ignore[arg-type]
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def _today(session: DbSession, now: datetime) -> date:
    return to_local(now, site_of(session).zone).date()


def _record(
    session: DbSession, person: Person, action: str, summary: str, actor: Actor, now: datetime
) -> None:
    """What it was stays out of the log, which every coordinator reads."""
    audit.record(
        session,
        actor=actor,
        action=action,
        subject=f"person:{person.key}",
        summary=summary,
        now=now,
    )
