"""A coordinator says that two people who look like one are two, or that they are to be looked at
again."""

from datetime import datetime

from sqlalchemy import delete, select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.people.apart_models import ToldApart
from netapp.people.models import Person
from netapp.people.operations.desk import subject_of


def tell_apart(session: DbSession, *, key: str, other: str, actor: Actor, now: datetime) -> None:
    """By their keys. Harmless when repeated. Raises ``NotFound``."""
    first, second = _both(session, key, other)
    row = insert_for(session, ToldApart).values(
        first_id=first.id, second_id=second.id, decided_at=now, decided_by_id=actor.id
    )
    if session.scalar(row.on_conflict_do_nothing().returning(ToldApart.id)) is not None:
        _record(session, first, second, "apart", "are two people", actor, now)


def look_again(session: DbSession, *, key: str, other: str, actor: Actor, now: datetime) -> None:
    """They are offered as possible duplicates again. As ``tell_apart``."""
    first, second = _both(session, key, other)
    this = ToldApart.first_id == first.id, ToldApart.second_id == second.id
    if session.scalar(delete(ToldApart).where(*this).returning(ToldApart.id)) is not None:
        _record(session, first, second, "look_again", "may be one person after all", actor, now)


def _both(session: DbSession, key: str, other: str) -> tuple[Person, Person]:
    """In the order of their numbers."""
    found = session.scalars(
        select(Person)
        .where(Person.key.in_([key, other]), Person.merged_into_id.is_(None))
        .order_by(Person.id)
    ).all()
    if len(found) != 2 or any(one.is_gone for one in found):
        raise NotFound
    return found[0], found[1]


def _record(
    session: DbSession,
    first: Person,
    second: Person,
    act: str,
    words: str,
    actor: Actor,
    now: datetime,
) -> None:
    """A line about each, so that it is found from either."""
    for one, other in ((first, second), (second, first)):
        audit.record(
            session,
            actor=actor,
            action=f"person.{act}",
            subject=subject_of(one),
            summary=f"Said that {one.name} and another {other.name} {words}."
            if one.name == other.name
            else f"Said that {one.name} and {other.name} {words}.",
            now=now,
        )
