"""Two entries of the register become one: what the register itself holds moves over.

What other domains hold of them is moved by workflows/merge_organisations.py.
"""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.organisations.errors import SameOrganisation
from netapp.organisations.models import Affiliation, NameKind, Organisation, OrganisationName
from netapp.organisations.operations.editing import record
from netapp.organisations.operations.guard import DIRECTORY, hold_organisation, hold_register


def merge(
    session: DbSession,
    *,
    key: str,
    into: str,
    as_name: NameKind,
    actor: Actor,
    now: datetime,
) -> tuple[Organisation, Organisation]:
    """The organisation of ``key`` goes into that of ``into`` (keys) and stays as a signpost: its
    address and all its names lead there. Returns both, the one that is left first.

    The one that is left keeps what it says; where it says nothing it takes what the other said.
    Areas served are put together. Raises ``SameOrganisation``, ``NotFound``.
    """
    if key == into:
        raise SameOrganisation
    hold_register(session, now)
    held = {one: hold_organisation(session, one) for one in sorted((key, into))}
    _load_lists(session, held[key], held[into])
    gone, left = held[key], held[into]
    _move_names(session, gone, left, as_name)
    _move_people(session, gone, left)
    left.areas = left.areas + [term for term in gone.areas if term not in left.areas]
    for field in ("type_id", "legal_form", "website", "description", "office_area_id", "source"):
        if not getattr(left, field):
            setattr(left, field, getattr(gone, field))
    if gone.confirmed_on and not left.confirmed_on:
        left.confirmed_on, left.confirmed_by_id = gone.confirmed_on, gone.confirmed_by_id
    gone.areas = []
    gone.merged_into_id = left.id
    session.execute(
        update(Organisation)
        .where(Organisation.merged_into_id == gone.id)
        .values(merged_into_id=left.id)
        .execution_options(synchronize_session=False)
    )
    left.version += 1
    gone.version += 1
    session.flush()
    raise_revision(session, DIRECTORY, now)
    summary = f"Merged {gone.name} into {left.name}."
    for one in (left, gone):
        record(session, one, "merge", summary, actor, now)
    return left, gone


def _load_lists(session: DbSession, *organisations: Organisation) -> None:
    session.scalars(
        select(Organisation)
        .where(Organisation.id.in_([one.id for one in organisations]))
        .options(selectinload(Organisation.areas), selectinload(Organisation.names))
        .execution_options(populate_existing=True)
    ).all()


def _move_names(
    session: DbSession, gone: Organisation, left: Organisation, as_name: NameKind
) -> None:
    """The name of the one that goes has its own address already, which is now a signpost; as a
    name of the other it is written with the same one, and both lead to the same page."""
    known = {left.name.casefold(), *(one.name.casefold() for one in left.names)}
    for one in gone.names:
        if one.name.casefold() in known:  # Its address leads on by way of the signpost.
            continue
        session.execute(
            update(OrganisationName)
            .where(OrganisationName.id == one.id)
            .values(organisation_id=left.id)
            .execution_options(synchronize_session=False)
        )
        known.add(one.name.casefold())
    if gone.name.casefold() not in known:
        session.add(
            OrganisationName(organisation_id=left.id, name=gone.name, kind=as_name, slug=gone.slug)
        )
    session.flush()
    for organisation in (gone, left):
        session.expire(organisation, ["names"])


def _move_people(session: DbSession, gone: Organisation, left: Organisation) -> None:
    """Whoever works for both works for the one that is left, once; what is over stays as it was."""
    rows = session.scalars(
        select(Affiliation)
        .where(Affiliation.organisation_id.in_([gone.id, left.id]))
        .order_by(Affiliation.id)
    ).all()
    theirs = {
        row.person_id: row for row in rows if row.organisation_id == left.id and row.ends_on is None
    }
    for row in rows:
        if row.organisation_id == left.id:
            continue
        there = theirs.get(row.person_id) if row.ends_on is None else None
        if there is None:
            row.organisation_id = left.id
            continue
        there.role = there.role or row.role
        there.is_contact = there.is_contact or row.is_contact
        session.delete(row)
    session.flush()
