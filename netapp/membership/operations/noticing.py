"""What the worker tells about terms: that one ends, has ended, and that its rights are over.

Each is told once. What was missed while no worker ran is told late for a week, and then no more;
of several that are due only the newest is sent.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.audit import operations as audit
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.operations import seat_letters
from netapp.membership.operations import term_letters as letters
from netapp.membership.queries.terms import holder_of, is_last, recipients_of
from netapp.membership.term_models import Notice

FIRST_HOUR: Final = 9
LAST_HOUR: Final = 20
"""Mails about terms are written within these hours of the network's zone."""

CATCH_UP: Final = timedelta(days=7)
AT_ONCE: Final = 25
LAPSE: Final = "lapse"


def remind(session: DbSession, now: datetime) -> int:
    """One helping of the reminders that are due; how many terms it was about."""
    today = _day_for_mail(session, now)
    if today is None:
        return 0
    kinds = session.scalars(
        select(MembershipKind).options(selectinload(MembershipKind.reminders))
    ).all()
    for kind in kinds:
        for days in sorted((one.days for one in kind.reminders), reverse=True):
            due = _due(session, kind, days, today)
            if due:
                for held in due:
                    _remind(session, held, days, kind, today, now)
                return len(due)
    return 0


def tell_lapsed(session: DbSession, now: datetime) -> int:
    """One helping of the terms whose rights are over, without another after them."""
    today = _day_for_mail(session, now)
    if today is None:
        return 0
    over = session.scalars(
        _last_terms(Membership.rights_until < today)
        .where(Membership.rights_until >= today - CATCH_UP, _without_notice([LAPSE]))
        .limit(AT_ONCE)
    ).all()
    told = 0
    for held in over:
        if not _claim(session, held, LAPSE, now):
            continue
        told += 1
        holder = holder_of(session, held)
        to = recipients_of(session, held, at=now)
        letters.lapsed(session, to=to, holder=holder, held=held, now=now)
        seat_letters.no_longer_through(session, held, told=to, now=now)
        audit.record(
            session,
            actor=audit.WORKER,
            action="membership.lapse",
            subject=f"membership:{held.key}",
            summary=f"The membership of {holder} ({held.kind.name}) lapsed.",
            now=now,
        )
    return told


def _day_for_mail(session: DbSession, now: datetime) -> date | None:
    local = to_local(now, site_of(session).zone)
    return local.date() if FIRST_HOUR <= local.hour < LAST_HOUR else None


def _due(session: DbSession, kind: MembershipKind, days: int, today: date) -> list[Membership]:
    """Last terms of a kind whose reminder of so many days after the end is due and not sent, nor
    a later one."""
    newest = today - timedelta(days=days)
    later = [str(one.days) for one in kind.reminders if one.days >= days]
    found = session.scalars(
        _last_terms(Membership.kind_id == kind.id)
        .where(Membership.ends_on <= newest, Membership.ends_on > newest - CATCH_UP)
        .where(Membership.rights_until >= today, _without_notice([*later, LAPSE]))
        .limit(AT_ONCE)
    )
    return list(found)


def _remind(
    session: DbSession,
    held: Membership,
    days: int,
    kind: MembershipKind,
    today: date,
    now: datetime,
) -> None:
    """A term that began after the day of the reminder is not reminded of by it."""
    assert held.ends_on is not None
    if not _claim(session, held, str(days), now):
        return
    for earlier in [one.days for one in kind.reminders if one.days < days]:
        _claim(session, held, str(earlier), now)
    if held.starts_on >= held.ends_on + timedelta(days=days) and days < 0:
        return
    to = recipients_of(session, held, at=now)
    holder = holder_of(session, held)
    letters.ends(session, to=to, holder=holder, held=held, today=today, now=now)


def _last_terms(*conditions: ColumnElement[bool]) -> Select[Membership]:
    return (
        select(Membership)
        .where(Membership.ended_early.is_(False), is_last(), *conditions)
        .options(joinedload(Membership.kind))
        .order_by(Membership.ends_on, Membership.id)
    )


def _without_notice(notices: Iterable[str]) -> ColumnElement[bool]:
    told = select(Notice.membership_id).where(
        Notice.membership_id == Membership.id, Notice.notice.in_(list(notices))
    )
    return ~told.correlate(Membership).exists()


def _claim(session: DbSession, held: Membership, notice: str, now: datetime) -> bool:
    """Whether nobody told it before: two workers at once tell it once."""
    row = insert_for(session, Notice).values(membership_id=held.id, notice=notice, at=now)
    claimed = session.scalar(row.on_conflict_do_nothing().returning(Notice.membership_id))
    return claimed is not None
