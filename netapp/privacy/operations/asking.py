"""People ask for a correction, or object; coordinators answer within a month."""

import calendar
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel import limits
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.limits import Limit
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.words import date_words
from netapp.people.models import Person
from netapp.privacy.errors import AnsweredAlready, NothingSaid, TooManyAsks
from netapp.privacy.models import Ask, AskKind
from netapp.privacy.operations import letters

ASKS: Final = Limit("privacy asks", 5, timedelta(days=1))


def count_ask(session: DbSession, *, person: Person, now: datetime) -> None:
    """Commit it by itself. Raises ``TooManyAsks``."""
    if not limits.count_and_check(session, ASKS, person.key, now):
        raise TooManyAsks


def ask(session: DbSession, *, person: Person, kind: AskKind, words: str, now: datetime) -> Ask:
    """Keep what somebody asks for and tell them until when we answer. Raises ``NothingSaid``."""
    if not words:
        raise NothingSaid
    asked = Ask(
        key=new_key(),
        person_id=person.id,
        kind=kind,
        words=words,
        asked_at=now,
        due_at=_a_month_later(now),
    )
    session.add(asked)
    session.flush()
    letters.asked(session, person, asked, date_words(asked.due_at, site_of(session).zone), now)
    return asked


def answer(session: DbSession, *, key: str, words: str, actor: Actor, now: datetime) -> Ask:
    """A coordinator says what was done; the person gets it by email.

    Raises ``NotFound``, ``NothingSaid``, ``AnsweredAlready``.
    """
    if not words:
        raise NothingSaid
    held = (
        update(Ask)
        .where(Ask.key == key)
        .values(version=Ask.version + 1)
        .returning(Ask)
        .execution_options(populate_existing=True)
    )
    asked = session.scalar(held)
    if asked is None:
        raise NotFound
    if asked.answered_at:
        raise AnsweredAlready
    asked.answer, asked.answered_at, asked.answered_by_id = words, now, actor.id
    session.flush()
    person = session.scalars(select(Person).where(Person.id == asked.person_id)).one()
    audit.record(
        session,
        actor=actor,
        action="privacy.answer",
        subject=f"person:{person.key}",
        summary="Answered what somebody asked about their data.",
        now=now,
    )
    letters.answered(session, person, asked, now)
    return asked


def _a_month_later(now: datetime) -> datetime:
    """UK GDPR article 12 (3): one month; from 31 January that is 28 or 29 February."""
    year, month = (now.year, now.month + 1) if now.month < 12 else (now.year + 1, 1)
    return now.replace(
        year=year, month=month, day=min(now.day, calendar.monthrange(year, month)[1])
    )
