"""Two entries of the register were one organisation all along: one goes into the other."""

from datetime import datetime

from netapp.audit.operations import Actor
from netapp.groups.operations import organisations as groups
from netapp.imports.operations import choosing as imports
from netapp.kernel.db import DbSession
from netapp.membership.operations import merging as membership
from netapp.organisations.models import NameKind, Organisation
from netapp.organisations.operations import merging as register


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
    left, gone = register.merge(session, key=key, into=into, as_name=as_name, actor=actor, now=now)
    membership.follow_organisation(session, gone_id=gone.id, left_id=left.id, now=now)
    groups.follow_organisation(session, gone_id=gone.id, left_id=left.id)
    imports.follow_organisation(session, gone_id=gone.id, left_id=left.id)
    return left
