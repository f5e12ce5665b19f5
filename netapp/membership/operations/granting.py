"""Membership is given and ended, to people and to organisations, and a line says each time by
whom."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.kernel.words import day_words
from netapp.kernel.zones import to_local
from netapp.membership.errors import (
    AlreadyMember,
    EndsBeforeItStarts,
    HasEnded,
    KindOfOthers,
)
from netapp.membership.models import Holder, Membership, MembershipKind
from netapp.membership.operations.term_changes import end_noted
from netapp.membership.policies import rights_until
from netapp.organisations.models import Organisation
from netapp.people.errors import ClosedForGood
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class HeldBy:
    """Whom a membership belongs to: one of the two."""

    person_id: int | None = None
    organisation_id: int | None = None


def grant(
    session: DbSession,
    *,
    holder: HeldBy,
    kind: str,
    starts_on: date,
    ends_on: date | None,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Membership:
    """Make somebody, or an organisation, a member of a kind (its slug) from one day to another,
    both included; without the last one until it is ended.

    Raises ``EndsBeforeItStarts``, ``AlreadyMember``, ``KindOfOthers``, ``NotFound``,
    ``ClosedForGood``.
    """
    held_by = hold(session, holder)
    chosen = session.scalar(select(MembershipKind).where(MembershipKind.slug == kind))
    if chosen is None:
        raise NotFound
    if (chosen.holder is Holder.PERSON) != isinstance(held_by, Person):
        raise KindOfOthers
    if ends_on and ends_on < starts_on:
        raise EndsBeforeItStarts
    overlaps = [
        _of(holder),
        or_(Membership.ends_on.is_(None), Membership.ends_on >= starts_on),
    ]
    if ends_on:
        overlaps.append(Membership.starts_on <= ends_on)
    if session.scalar(select(Membership.id).where(*overlaps).limit(1)) is not None:
        raise AlreadyMember
    held = Membership(
        key=new_key(),
        kind_id=chosen.id,
        person_id=holder.person_id,
        organisation_id=holder.organisation_id,
        starts_on=starts_on,
        ends_on=ends_on,
        rights_until=rights_until(chosen, ends_on),
        granted_at=now,
        granted_by_id=actor.id,
        note=note,
    )
    session.add(held)
    session.flush()
    raise_revision(session, "directory", now)
    until = f"until {day_words(ends_on)}" if ends_on else "without an end"
    summary = f"Made {held_by.name} a member ({chosen.name}) from {day_words(starts_on)} {until}."
    _record(session, held_by, "membership.grant", summary, note, actor, now)
    return held


def end(
    session: DbSession,
    *,
    key: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
    undoable: bool = False,
) -> None:
    """End this membership: yesterday was its last day, so that it and its rights end at once. One
    that began today or has not begun is gone. ``undoable``: it can be put back for a time.

    Raises ``NotFound``, ``HasEnded``.
    """
    found = session.scalar(select(Membership).where(Membership.key == key))
    if found is None:
        raise NotFound
    holder = HeldBy(found.person_id, found.organisation_id)
    held_by = hold(session, holder)
    held = session.scalar(
        select(Membership).where(Membership.key == key).execution_options(populate_existing=True)
    )
    if held is None:
        raise NotFound
    today = to_local(now, site_of(session).zone).date()
    if held.ends_on and held.ends_on < today:
        raise HasEnded
    if undoable:
        subject = _subject(held_by)
        end_noted(session, held, subject=subject, today=today, actor=actor, now=now)
        raise_revision(session, "directory", now)
    else:
        end_before(session, held, today, now)
    _record(
        session, held_by, "membership.end", f"Ended the membership of {held_by.name}.", reason,
        actor, now,
    )  # fmt: skip


def end_before(session: DbSession, held: Membership, today: date, now: datetime) -> None:
    """Without a line in the log, which is the caller's. The holder is locked."""
    if held.starts_on >= today:
        session.delete(held)
    else:
        held.ends_on = held.rights_until = today - timedelta(days=1)
        held.ended_early = True
    session.flush()
    raise_revision(session, "directory", now)


def _of(holder: HeldBy) -> ColumnElement[bool]:
    if holder.person_id is not None:
        return Membership.person_id == holder.person_id
    return Membership.organisation_id == holder.organisation_id


def hold(session: DbSession, holder: HeldBy) -> Person | Organisation:
    """Two grants for one holder wait for each other."""
    if holder.person_id is not None:
        person = (
            update(Person)
            .where(Person.id == holder.person_id)
            .values(id=Person.id)
            .returning(Person)
        )
        found: Person | Organisation | None = session.scalar(
            person, execution_options={"populate_existing": True}
        )
    else:
        organisation = (
            update(Organisation)
            .where(Organisation.id == holder.organisation_id)
            .values(id=Organisation.id)
            .returning(Organisation)
        )
        found = session.scalar(organisation, execution_options={"populate_existing": True})
    if found is None:
        raise NotFound
    if isinstance(found, Person) and found.is_gone:
        raise ClosedForGood
    return found


def _subject(held_by: Person | Organisation) -> str:
    return f"{'person' if isinstance(held_by, Person) else 'organisation'}:{held_by.key}"


def _record(
    session: DbSession,
    held_by: Person | Organisation,
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
        subject=_subject(held_by),
        summary=summary,
        reason=reason,
        now=now,
    )
