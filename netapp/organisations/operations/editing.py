"""Organisations are added to the register and changed; a line says each time by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import StaleEdit
from netapp.kernel.revisions import raise_revision
from netapp.kernel.tokens import new_key
from netapp.kernel.words import join_words
from netapp.organisations.errors import InRegister
from netapp.organisations.models import LegalForm, NameKind, Organisation, OrganisationName
from netapp.organisations.operations.guard import (
    DIRECTORY,
    free_slug,
    hold_organisation,
    hold_register,
    subject_of,
)
from netapp.vocabulary.models import Term
from netapp.vocabulary.queries import find_term, find_terms


@dataclass(frozen=True, slots=True)
class Details:
    """What the register says of an organisation; ``type``, ``office_area`` and ``areas`` are
    slugs of terms, empty where it is not known."""

    name: str
    type: str = ""
    legal_form: LegalForm | None = None
    website: str = ""
    description: str = ""
    office_area: str = ""
    areas: Sequence[str] = ()
    source: str = ""


def add(session: DbSession, *, details: Details, actor: Actor, now: datetime) -> Organisation:
    """Raises ``InRegister``."""
    hold_register(session, now)
    _refuse_known(session, details.name, None)
    organisation = Organisation(
        key=new_key(), slug=free_slug(session, details.name), name=details.name, created_at=now
    )
    organisation.areas = list(find_terms(session, details.areas))
    _fill(session, organisation, details)
    session.add(organisation)
    session.flush()
    record(session, organisation, "add", f"Added {details.name} to the register.", actor, now)
    return organisation


def edit(
    session: DbSession,
    *,
    key: str,
    version: int,
    details: Details,
    old_name: NameKind | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """``old_name``: what becomes of the name it had. As a former name (or an alias) it still finds
    the organisation, and the address made of it leads there. None: it was a mistake; then the
    address stays as it is.

    Raises ``StaleEdit``, ``InRegister``, ``NotFound``.
    """
    hold_register(session, now)
    organisation = hold_organisation(session, key)
    if organisation.version != version:
        raise StaleEdit
    _load_lists(session, organisation)
    before = _shown(organisation)
    if details.name != organisation.name:
        _rename(session, organisation, details.name, old_name)
    organisation.areas = list(find_terms(session, details.areas))
    _fill(session, organisation, details)
    changed = [label for label, value in _shown(organisation).items() if before[label] != value]
    if not changed:
        return
    organisation.version += 1
    session.flush()
    raise_revision(session, DIRECTORY, now)
    summary = f"Changed {details.name} in the register: {join_words(changed)}."
    record(session, organisation, "edit", summary, actor, now)


def show_to_public(
    session: DbSession, *, key: str, shown: bool, actor: Actor, now: datetime
) -> None:
    """List an organisation for everybody, or for coordinators only. Harmless when it is so."""
    hold_register(session, now)
    organisation = hold_organisation(session, key)
    if organisation.is_listed == shown:
        return
    organisation.is_listed = shown
    organisation.version += 1
    session.flush()
    raise_revision(session, DIRECTORY, now)
    where = "on the public list" if shown else "off the public list"
    record(session, organisation, "list", f"Put {organisation.name} {where}.", actor, now)


def add_name(
    session: DbSession, *, key: str, name: str, kind: NameKind, actor: Actor, now: datetime
) -> None:
    """Another name that finds it, with an address that leads to it. Raises ``InRegister``."""
    hold_register(session, now)
    organisation = hold_organisation(session, key)
    _refuse_known(session, name, None)
    session.add(_name(session, organisation, name, kind))
    organisation.version += 1
    session.flush()
    summary = f"Added the name {name} to {organisation.name}."
    record(session, organisation, "name", summary, actor, now)


def remove_name(session: DbSession, *, key: str, slug: str, actor: Actor, now: datetime) -> None:
    """The name finds nothing any more, and its address ends. Harmless when it is gone."""
    hold_register(session, now)
    organisation = hold_organisation(session, key)
    gone = session.scalar(
        select(OrganisationName).where(
            OrganisationName.organisation_id == organisation.id, OrganisationName.slug == slug
        )
    )
    if gone is None:
        return
    session.delete(gone)
    organisation.version += 1
    session.flush()
    summary = f"Removed the name {gone.name} from {organisation.name}."
    record(session, organisation, "name", summary, actor, now)


def known_as(session: DbSession, name: str) -> Organisation | None:
    """Whoever has this name, or had it, however it is capitalised."""
    wanted = name.casefold()
    return session.scalar(
        select(Organisation)
        .where(
            Organisation.merged_into_id.is_(None),
            (func.lower(Organisation.name) == wanted)
            | select(OrganisationName.id)
            .where(
                OrganisationName.organisation_id == Organisation.id,
                func.lower(OrganisationName.name) == wanted,
            )
            .exists(),
        )
        .order_by(Organisation.id)
        .limit(1)
    )


def record(
    session: DbSession,
    organisation: Organisation,
    act: str,
    summary: str,
    actor: Actor,
    now: datetime,
    reason: str = "",
) -> None:
    audit.record(
        session,
        actor=actor,
        action=f"organisation.{act}",
        subject=subject_of(organisation),
        summary=summary,
        reason=reason,
        now=now,
    )


def _refuse_known(session: DbSession, name: str, but: Organisation | None) -> None:
    known = known_as(session, name)
    if known and known is not but:
        raise InRegister(known.slug)


def _rename(
    session: DbSession, organisation: Organisation, name: str, old_name: NameKind | None
) -> None:
    _refuse_known(session, name, organisation)
    if old_name:
        before, address = organisation.name, organisation.slug
        again = next((o for o in organisation.names if o.name.casefold() == name.casefold()), None)
        organisation.slug = again.slug if again else free_slug(session, name)
        if again:  # It goes by one of its other names: that address is its own now.
            organisation.names.remove(again)
            session.flush()
        if before not in [one.name for one in organisation.names]:
            organisation.names.append(OrganisationName(name=before, kind=old_name, slug=address))
    organisation.name = name


def _name(
    session: DbSession, organisation: Organisation, name: str, kind: NameKind
) -> OrganisationName:
    return OrganisationName(
        organisation_id=organisation.id, name=name, kind=kind, slug=free_slug(session, name)
    )


def _load_lists(session: DbSession, organisation: Organisation) -> None:
    lists = selectinload(Organisation.areas), selectinload(Organisation.names)
    found = select(Organisation).where(Organisation.id == organisation.id).options(*lists)
    session.scalars(found.execution_options(populate_existing=True)).one()


def _fill(session: DbSession, organisation: Organisation, details: Details) -> None:
    organisation.type_id = _id(find_term(session, details.type))
    organisation.legal_form = details.legal_form
    organisation.website = details.website
    organisation.description = details.description
    organisation.office_area_id = _id(find_term(session, details.office_area))
    organisation.source = details.source


def _id(term: Term | None) -> int | None:
    return term.id if term else None


def _shown(organisation: Organisation) -> dict[str, object]:
    return {
        "name": organisation.name,
        "type": organisation.type_id,
        "legal form": organisation.legal_form,
        "website": organisation.website,
        "description": organisation.description,
        "where the office is": organisation.office_area_id,
        "areas served": {term.id for term in organisation.areas},
        "source": organisation.source,
    }
