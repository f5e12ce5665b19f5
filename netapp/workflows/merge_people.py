"""Two rows were one person all along: one goes into the other, in every room, and can be taken
apart again for a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.events.operations import one_person as events
from netapp.feeds.operations import follow_members
from netapp.groups.models import Group
from netapp.groups.operations import one_person as groups
from netapp.kernel import changes, undoing
from netapp.kernel.changes import Change, Journal, Move
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.one_person import Follows, When, clashes, count, follow
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.kernel.undoing import Kept
from netapp.kernel.words import day_words
from netapp.kernel.zones import to_local
from netapp.membership.operations import one_person as membership
from netapp.people.errors import CannotUndo, MergedOnward, SamePerson
from netapp.people.models import Person
from netapp.people.operations import one_person as people
from netapp.people.operations import sign_ins
from netapp.people.operations.desk import subject_of
from netapp.privacy.queries.retention import chosen_days
from netapp.safeguarding.operations import one_person as safeguarding
from netapp.workflows.person_references import ALL

MERGE: Final = "person.merge"
LATE: Final = timedelta(days=1)
CHANGES: Final = "changes"
"""The name of the rule of retention that says for how long changes can be undone."""


@dataclass(frozen=True, slots=True)
class Undone:
    """``left``: what was changed since and stays as it is, in words."""

    person: Person
    other: Person
    left: tuple[str, ...]


def merge_people(
    session: DbSession,
    *,
    key: str,
    into: str,
    versions: tuple[int, int],
    take: Collection[str] = (),
    gives_up: bool = False,
    actor: Actor,
    now: datetime,
) -> Change:
    """The person of ``key`` goes into that of ``into``: bookings, memberships, consents and all
    else follow, and their addresses lead there. The person is told by email.

    ``versions`` of the two, as whoever decided saw them; ``take``: see ``become_one``;
    ``gives_up``: where both have a place on one date the second is given back. Raises
    ``NotFound``, ``StaleEdit`` and what ``people.operations.one_person.check`` raises.
    """
    gone_id, kept_id = _id_of(session, key), _id_of(session, into)
    if gone_id == kept_id:
        raise SamePerson
    both = (gone_id, kept_id)
    held_groups = groups.hold_groups(session, both)  # Groups, events, people: as everywhere.
    events.hold_events(session, both)
    gone, kept = people.hold_two(session, gone_id, kept_id)
    people.check(gone, kept, versions=versions)
    when = When(now, to_local(now, site_of(session).zone).date())
    name, other_name, former, former_kept = gone.name, kept.name, gone.email, kept.email
    journal = changes.begin(
        session,
        kind=MERGE,
        subject=subject_of(kept),
        other=subject_of(gone),
        words=f"Merged {name} into {other_name}.",
        by_name=actor.name,
        now=now,
    )
    people.become_one(journal, gone=gone, kept=kept, take=take, when=when)
    _follow(journal, held_groups, gone_id, kept_id, gives_up=gives_up, when=when)
    stays = session.get_one(Person, kept_id)
    _record(session, stays, "person.merge", f"Merged {name} into {other_name}.", actor, now)
    until = to_local(now + timedelta(days=_days(session)), site_of(session).zone).date()
    people.tell_merged(
        session,
        person=stays,
        former=former if stays.email == former_kept else former_kept,
        undo_until=day_words(until),
        now=now,
    )
    session.flush()
    return journal.change


def follow_again(session: DbSession, now: datetime) -> int:
    """Whoever booked in the very moment of a merge booked as who they were: what came in since
    follows, too, and belongs to what is undone. Of the first merge of the last day that has any;
    returns how many cells changed. For the worker."""
    merges = session.scalars(
        select(Change)
        .where(Change.kind == MERGE, Change.undone_at.is_(None), Change.at > now - LATE)
        .order_by(Change.id)
    ).all()
    for change in merges:
        kept_id, gone_id = _people_of(session, change)
        if not _is_anything_left(session, gone_id, kept_id):
            continue
        both = (gone_id, kept_id)
        held_groups = groups.hold_groups(session, both)
        events.hold_events(session, both)
        gone, _ = people.hold_two(session, gone_id, kept_id)
        found = changes.find(session, change.key)
        if found is None or found.undone_at or gone.merged_into_id != kept_id:
            continue
        before = _moves(session, change)
        when = When(now, to_local(now, site_of(session).zone).date())
        _follow(Journal(session, found), held_groups, gone_id, kept_id, gives_up=False, when=when)
        if number := _moves(session, change) - before:
            return number
    return 0


def _is_anything_left(session: DbSession, gone_id: int, kept_id: int) -> bool:
    """What could follow and has not; what can be there only once stays behind."""
    if events.is_booked(session, gone_id):
        return True
    rules = [rule for rule in ALL if isinstance(rule, Follows)]
    return any(
        count(session, rule, gone_id) > len(clashes(session, rule, gone=gone_id, kept=kept_id))
        for rule in rules
    )


def _follow(
    journal: Journal,
    held_groups: Sequence[Group],
    gone_id: int,
    kept_id: int,
    *,
    gives_up: bool,
    when: When,
) -> None:
    session = journal.session
    membership.follow_person(journal, gone_id=gone_id, kept_id=kept_id, when=when)
    safeguarding.follow_person(journal, gone_id=gone_id, kept_id=kept_id, when=when)
    pairs = groups.follow_person(journal, held_groups, gone_id=gone_id, kept_id=kept_id, when=when)
    follow_members(journal, pairs)
    for rule in ALL:
        if isinstance(rule, Follows):
            follow(journal, rule, gone=gone_id, kept=kept_id, when=when)
    events.follow_person(journal, gone_id=gone_id, kept_id=kept_id, gives_up=gives_up, when=when)
    session.flush()
    session.expire_all()
    raise_revision(session, "directory", when.now)


def _moves(session: DbSession, change: Change) -> int:
    mine = select(func.count()).where(Move.change_id == change.id)
    return session.scalar(mine) or 0


def _people_of(session: DbSession, change: Change) -> tuple[int, int]:
    """Who stays, and who goes."""
    kept, gone = (
        _id_of(session, subject.removeprefix("person:"))
        for subject in (change.subject, change.other)
    )
    return kept, gone


def undo_merge(session: DbSession, *, change_key: str, actor: Actor, now: datetime) -> Undone:
    """Take apart again what was merged: each cell that was changed then, and is as it was left,
    says what it said before. Both people are told. Raises ``NotFound``, ``CannotUndo``,
    ``MergedOnward``."""
    change = changes.find(session, change_key)
    if change is None or change.kind != MERGE:
        raise NotFound
    kept_id, gone_id = _people_of(session, change)
    both = (gone_id, kept_id)
    held_groups = groups.hold_groups(session, both)
    events.hold_events(session, both)
    gone, kept = people.hold_two(session, gone_id, kept_id)
    if kept.merged_into_id is not None:
        raise MergedOnward
    is_due = change.at > now - timedelta(days=_days(session))
    if gone.merged_into_id != kept_id or not is_due or not changes.claim(session, change, now):
        raise CannotUndo
    left = undoing.undo(session, change)
    full = groups.leave_full_groups(session, held_groups, gone_id=gone_id, now=now)
    groups.count_again(session, held_groups)
    events.put_in_order(session, both, now)
    sign_ins.end_all(session, person_id=gone_id)
    raise_revision(session, "directory", now)
    session.expire_all()
    kept, gone = session.get_one(Person, kept_id), session.get_one(Person, gone_id)
    for person in (kept, gone):
        people.tell_parted(session, person=person, now=now)
    said = f"Undid that {gone.name} was merged into {kept.name}."
    for person in (kept, gone):
        _record(session, person, "person.unmerge", said, actor, now)
    session.flush()
    return Undone(kept, gone, (*_words(left), *(f"{name}: the group is full" for name in full)))


def _words(left: list[Kept]) -> list[str]:
    """Of each table once: what it holds, in the words of the preview."""
    named = {
        rule.column.class_.__tablename__: rule.many
        for rule in ALL
        if isinstance(rule, Follows) and rule.many
    }
    named |= {
        "bookings": "bookings",
        "places": "places",
        "attendees": "names on bookings",
        "memberships": "memberships",
        "group_members": "groups",
        "checks": "checks",
        "people": "name, address or other details",
    }
    plain = (named.get(each.place, each.place.replace("_", " ")) for each in left)
    return list(dict.fromkeys(plain))


def _days(session: DbSession) -> int:
    return chosen_days(session)[CHANGES]


def _id_of(session: DbSession, key: str) -> int:
    found = session.scalar(select(Person.id).where(Person.key == key))
    if found is None:
        raise NotFound
    return found


def _record(
    session: DbSession, person: Person, action: str, summary: str, actor: Actor, now: datetime
) -> None:
    audit.record(
        session, actor=actor, action=action, subject=subject_of(person), summary=summary, now=now
    )
