"""The kinds of membership, in the order of their list."""

from collections.abc import Sequence

from sqlalchemy import select

from netapp.kernel.db import DbSession
from netapp.membership.models import Holder, MembershipKind


def all_kinds(session: DbSession) -> Sequence[MembershipKind]:
    order = MembershipKind.position, MembershipKind.id
    return session.scalars(select(MembershipKind).order_by(*order)).all()


def kinds_for(session: DbSession, holder: Holder) -> Sequence[MembershipKind]:
    """Those that people, or organisations, can hold."""
    return [kind for kind in all_kinds(session) if kind.holder is holder]


def find_kind(session: DbSession, slug: str) -> MembershipKind | None:
    return session.scalar(select(MembershipKind).where(MembershipKind.slug == slug))
