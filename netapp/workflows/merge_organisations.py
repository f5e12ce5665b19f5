"""Two entries of the register were one organisation all along: one goes into the other, and can be
taken apart again for a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, or_, select, update

from netapp.audit.operations import Actor
from netapp.groups.operations import organisations as groups
from netapp.imports.operations import choosing as imports
from netapp.kernel import changes, undoing
from netapp.kernel.db import Base, DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import raise_revision
from netapp.membership.operations import merging as membership
from netapp.organisations.models import NameKind, Organisation
from netapp.organisations.operations import merging as register
from netapp.organisations.operations.editing import record
from netapp.organisations.operations.guard import (
    DIRECTORY,
    hold_organisation,
    hold_register,
    subject_of,
)
from netapp.people.errors import CannotUndo
from netapp.privacy.queries.retention import chosen_days
from netapp.workflows.merge_people import CHANGES

MERGE: Final = "organisation.merge"
ADDS_TO: Final = ("organisation_names", "organisation_areas")
WORDS: Final = {
    "organisations": "website, description or other details",
    "organisation_names": "names",
    "organisation_areas": "areas served",
    "affiliations": "people who work there",
    "memberships": "terms of membership",
    "membership_seats": "seats",
    "membership_applications": "applications",
    "group_organisations": "parts in groups",
    "group_sites": "sites of groups",
    "seat_links": "the link to take a seat",
}


@dataclass(frozen=True, slots=True)
class Parted:
    """``left``: what was changed since and stays as it is, in words."""

    gone: Organisation
    left: tuple[str, ...]


def merge_organisations(
    session: DbSession,
    *,
    key: str,
    into: str,
    as_name: NameKind,
    actor: Actor,
    now: datetime,
) -> Organisation:
    """The organisation of ``key`` goes into that of ``into``, which is returned: names, areas,
    people, terms, seats, applications, parts in groups and what a file to import calls it follow,
    and its addresses lead there.
    ``as_name``: what its own name is to the other.

    Raises ``SameOrganisation``, ``BothAreMembers``, ``NotFound``.
    """
    hold_register(session, now)
    both = [hold_organisation(session, each).id for each in sorted({key, into})]
    before = changes.picture(session, _rows_of(both))
    left, gone = register.merge(session, key=key, into=into, as_name=as_name, actor=actor, now=now)
    membership.follow_organisation(session, gone_id=gone.id, left_id=left.id, now=now)
    groups.follow_organisation(session, gone_id=gone.id, left_id=left.id)
    imports.follow_organisation(session, gone_id=gone.id, left_id=left.id)
    journal = changes.begin(
        session,
        kind=MERGE,
        subject=subject_of(left),
        other=subject_of(gone),
        words=f"Merged {gone.name} into {left.name}.",
        by_name=actor.name,
        now=now,
    )
    journal.note(before, changes.picture(session, _rows_of(both)), adds_to=ADDS_TO)
    return left


def take_apart(
    session: DbSession, *, key: str, change_key: str, actor: Actor, now: datetime
) -> Parted:
    """Two organisations again, by the key of the one that stayed: what the merge changed, and is as
    it left it, says what it said before. What came since stays with the one that stayed. Raises
    ``NotFound``, ``CannotUndo``."""
    change = changes.find(session, change_key)
    if change is None or change.kind != MERGE or change.subject != f"organisation:{key}":
        raise NotFound
    hold_register(session, now)
    left = hold_organisation(session, key)
    hold = (
        update(Organisation)
        .where(
            Organisation.key == change.other.removeprefix("organisation:"),
            Organisation.merged_into_id == left.id,
        )
        .values(id=Organisation.id)
        .returning(Organisation.id)
    )
    gone_id = session.scalar(hold)
    days = timedelta(days=chosen_days(session)[CHANGES])
    if gone_id is None or change.at <= now - days or not changes.claim(session, change, now):
        raise CannotUndo
    kept = undoing.undo(session, change)
    gone = session.scalars(select(Organisation).where(Organisation.id == gone_id)).one()
    left = session.scalars(select(Organisation).where(Organisation.id == left.id)).one()
    for one in (gone, left):
        one.version += 1
        summary = f"Undid that {gone.name} was merged into {left.name}."
        record(session, one, "unmerge", summary, actor, now)
    session.flush()
    raise_revision(session, DIRECTORY, now)
    words = (WORDS.get(each.place, each.place.replace("_", " ")) for each in kept)
    return Parted(gone, tuple(dict.fromkeys(words)))


def _rows_of(ids: list[int]) -> list[tuple[Table, ColumnElement[bool]]]:
    """Every row of any table that names one of them; a new table is found by itself."""
    found: list[tuple[Table, ColumnElement[bool]]] = []
    for table in Base.metadata.sorted_tables:
        naming: list[Any] = [
            key.parent for key in table.foreign_keys if key.column.table.name == "organisations"
        ]
        if table.name == "organisations":
            naming.append(table.c.id)
        if naming:
            found.append((table, or_(*(column.in_(ids) for column in naming))))
    return found
