"""The organisations that take part in a group, and the sites where a programme works."""

from datetime import datetime

from sqlalchemy import delete, func, select

from netapp.audit.operations import Actor
from netapp.groups.errors import AlreadyPartner
from netapp.groups.models import GroupOrganisation, GroupSite
from netapp.groups.operations.guard import lock_group, note
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.tokens import new_key
from netapp.organisations.models import Organisation


def add_organisation(
    session: DbSession,
    *,
    group_id: int,
    slug: str,
    part: str,
    actor: Actor,
    now: datetime,
) -> None:
    """At the end of the list. Raises ``AlreadyPartner`` and ``NotFound``."""
    group = lock_group(session, group_id)
    organisation = _organisation(session, slug)
    theirs = GroupOrganisation.group_id == group.id
    here = GroupOrganisation.organisation_id == organisation.id
    if session.scalar(select(GroupOrganisation.id).where(theirs, here)):
        raise AlreadyPartner
    last = session.scalar(select(func.max(GroupOrganisation.position)).where(theirs)) or 0
    session.add(
        GroupOrganisation(
            group_id=group.id, organisation_id=organisation.id, part=part, position=last + 1
        )
    )
    summary = f"{organisation.name} takes part in {group.name}."
    note(session, group, "group.organisation", summary, actor, now)
    session.flush()


def end_organisation(
    session: DbSession, *, group_id: int, slug: str, actor: Actor, now: datetime
) -> None:
    """Raises ``NotFound``."""
    group = lock_group(session, group_id)
    organisation = _organisation(session, slug)
    gone = session.scalar(
        delete(GroupOrganisation)
        .where(
            GroupOrganisation.group_id == group.id,
            GroupOrganisation.organisation_id == organisation.id,
        )
        .returning(GroupOrganisation.id)
    )
    if gone is None:
        raise NotFound
    summary = f"{organisation.name} takes part in {group.name} no more."
    note(session, group, "group.organisation_end", summary, actor, now)


def add_site(
    session: DbSession, *, group_id: int, name: str, actor: Actor, now: datetime
) -> GroupSite:
    group = lock_group(session, group_id)
    site = GroupSite(key=new_key(), group_id=group.id, name=name)
    session.add(site)
    note(session, group, "group.site", f"{group.name} works at {name}.", actor, now)
    session.flush()
    return site


def end_site(session: DbSession, *, group_id: int, key: str, actor: Actor, now: datetime) -> None:
    """Raises ``NotFound``."""
    group = lock_group(session, group_id)
    name = session.scalar(
        delete(GroupSite)
        .where(GroupSite.group_id == group.id, GroupSite.key == key)
        .returning(GroupSite.name)
    )
    if name is None:
        raise NotFound
    note(session, group, "group.site_end", f"{group.name} works at {name} no more.", actor, now)


def _organisation(session: DbSession, slug: str) -> Organisation:
    found = session.scalar(select(Organisation).where(Organisation.slug == slug))
    if found is None:
        raise NotFound
    return found
