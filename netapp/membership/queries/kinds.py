"""The kinds of membership, in the order of their list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from netapp.kernel.db import DbSession
from netapp.membership.application_models import Application
from netapp.membership.models import AskedField, Holder, Membership, MembershipKind
from netapp.membership.queries.belonging import current_on


def all_kinds(session: DbSession) -> Sequence[MembershipKind]:
    order = MembershipKind.position, MembershipKind.id
    return session.scalars(select(MembershipKind).order_by(*order)).all()


def kinds_for(session: DbSession, holder: Holder) -> Sequence[MembershipKind]:
    """Those that people, or organisations, can hold."""
    return [kind for kind in all_kinds(session) if kind.holder is holder]


def open_kinds(session: DbSession) -> Sequence[MembershipKind]:
    """Those that people can ask for."""
    return [kind for kind in all_kinds(session) if kind.is_open]


def find_kind(session: DbSession, slug: str) -> MembershipKind | None:
    """With what it asks and when it reminds."""
    return session.scalar(
        select(MembershipKind)
        .where(MembershipKind.slug == slug)
        .options(selectinload(MembershipKind.asks), selectinload(MembershipKind.reminders))
    )


def asked_fields(kind: MembershipKind) -> list[tuple[AskedField, bool]]:
    """What it asks and whether it must be answered, in the order of the form. Without the name of
    an organisation, or the age band of a young member, it could not be given."""
    asked = {one.field: one.is_required for one in kind.asks}
    if kind.holder is Holder.ORGANISATION:
        asked[AskedField.ORGANISATION] = True
    if kind.is_young:
        asked[AskedField.AGE_BAND] = True
    return [(field, asked[field]) for field in AskedField if field in asked]


@dataclass(frozen=True, slots=True)
class Uses:
    """What was ever of a kind."""

    memberships: int
    applications: int

    @property
    def any(self) -> bool:
        return bool(self.memberships or self.applications)


def uses_of(session: DbSession, kind: MembershipKind) -> Uses:
    def count(table: type[Membership] | type[Application]) -> int:
        found = select(func.count()).select_from(table).where(table.kind_id == kind.id)
        return session.scalar(found) or 0

    return Uses(count(Membership), count(Application))


def costs(session: DbSession, kind_id: int) -> bool:
    """Whether a term of this kind is paid for."""
    fee = session.scalar(select(MembershipKind.fee_pence).where(MembershipKind.id == kind_id))
    return bool(fee)


def member_counts(session: DbSession, *, at: datetime) -> dict[int, int]:
    """How many memberships of each kind (by id) run on that day."""
    rows = session.execute(
        select(Membership.kind_id, func.count())
        .where(current_on(session, at))
        .group_by(Membership.kind_id)
    )
    return {kind_id: int(number) for kind_id, number in rows}
