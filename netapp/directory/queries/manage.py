"""The directory as coordinators look after it: numbers, rules, locks, reports. The words of a
message are read here only once it was reported."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from netapp.directory.fields import ProfileField, Visibility, starting_choices
from netapp.directory.message_models import Message, SendingStop
from netapp.directory.models import FieldLock, FieldRule, Profile
from netapp.directory.policies import most_visible, narrower
from netapp.directory.queries.catalogue import catalogue
from netapp.directory.queries.seen import rules_of
from netapp.directory.queries.standing import belonging
from netapp.directory.sealing import words_of
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.people.models import Person

LATELY: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Report:
    """A message that was reported, with its words while they are kept."""

    key: str
    sender: str
    sender_key: str
    recipient: str
    words: str | None
    sent_at: datetime
    reported_at: datetime
    reason: str
    handled_at: datetime | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Rule:
    field: ProfileField
    most: Visibility
    reason: str


@dataclass(frozen=True, slots=True)
class Stopped:
    key: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Overview:
    listed: int
    messages: int  # Of the last thirty days.
    senders: int
    reports: tuple[Report, ...]  # The open ones, the oldest first, without their words.
    rules: tuple[Rule, ...]  # Of every part, in order.
    stopped: tuple[Stopped, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of somebody's profile: who sees it in the end, and whether it is locked."""

    field: ProfileField
    seen_by: Visibility
    lock_reason: str | None


def overview(session: DbSession, *, now: datetime) -> Overview:
    lately = Message.sent_at >= now - LATELY
    numbers = session.execute(
        select(func.count(), func.count(Message.sender_id.distinct())).where(lately)
    ).one()
    kept = {rule.field: rule for rule in session.scalars(select(FieldRule))}
    reports = session.scalars(
        select(Message)
        .where(Message.reported_at.is_not(None), Message.handled_at.is_(None))
        .options(joinedload(Message.sender), joinedload(Message.recipient))
        .order_by(Message.reported_at, Message.id)
        .limit(100)
    )
    stopped = session.execute(
        select(Person.key, Person.name, SendingStop.reason)
        .join(SendingStop, SendingStop.person_id == Person.id)
        .order_by(Person.name, Person.id)
    )
    return Overview(
        listed=len(catalogue(session, now).ids),
        messages=numbers[0],
        senders=numbers[1],
        reports=tuple(_report(each, None) for each in reports),
        rules=tuple(
            Rule(field, kept[field].most, kept[field].reason)
            if field in kept
            else Rule(field, Visibility.EVERYONE, "")
            for field in ProfileField
        ),
        stopped=tuple(Stopped(row.key, row.name, row.reason) for row in stopped),
    )


def count_open_reports(session: DbSession) -> int:
    is_open = Message.reported_at.is_not(None), Message.handled_at.is_(None)
    return session.scalar(select(func.count()).select_from(Message).where(*is_open)) or 0


def find_report(session: DbSession, key: str) -> Report | None:
    """With its words; None for a message that nobody reported."""
    found = session.scalar(
        select(Message)
        .where(Message.key == key, Message.reported_at.is_not(None))
        .options(joinedload(Message.sender), joinedload(Message.recipient))
        .execution_options(populate_existing=True)
    )
    if found is None:
        return None
    words = words_of(site_of(session), key, found.sealed) if found.sealed else None
    return _report(found, words)


def parts_of(session: DbSession, person_id: int, *, now: datetime) -> list[Part]:
    """Who sees which part of this person's profile; not what is in it."""
    profile = session.scalar(
        select(Profile)
        .where(Profile.person_id == person_id)
        .execution_options(populate_existing=True)
    )
    is_young = belonging(session, at=now, only=[person_id]).get(person_id, False)
    rules = rules_of(session)
    locks = session.scalars(select(FieldLock).where(FieldLock.person_id == person_id))
    locked = {lock.field: lock.reason for lock in locks}
    choices = profile.choices() if profile else starting_choices(is_young=is_young)

    def seen_by(field: ProfileField) -> Visibility:
        most = most_visible(field, rules=rules, locked=locked.keys(), is_young=is_young)
        return narrower(choices[field], most)

    entry = seen_by(ProfileField.ENTRY)
    return [
        Part(field, narrower(entry, seen_by(field)), locked.get(field)) for field in ProfileField
    ]


def _report(message: Message, words: str | None) -> Report:
    assert message.reported_at is not None  # Only reported ones come here.
    return Report(
        key=message.key,
        sender=message.sender.name,
        sender_key=message.sender.key,
        recipient=message.recipient.name,
        words=words,
        sent_at=message.sent_at,
        reported_at=message.reported_at,
        reason=message.report,
        handled_at=message.handled_at,
        outcome=message.outcome,
    )
