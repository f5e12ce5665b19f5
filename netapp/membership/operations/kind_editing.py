"""Coordinators change what a kind of membership asks, allows and costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.orm import selectinload

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.words import count_words, join_words
from netapp.membership.errors import DetailsMissing
from netapp.membership.models import (
    AskedField,
    KindField,
    KindReminder,
    Membership,
    MembershipKind,
)
from netapp.membership.operations.invoicing import details_of
from netapp.membership.policies import rights_until
from netapp.membership.queries.terms import today_of

AT_ONCE_FIELDS: Final = ("books_as_member", "sees_directory", "joins_groups", "votes")
"""Rights are read from the kind: a change holds at once for everybody who has it."""

NEW_TERM_FIELDS: Final = ("term", "months", "year_month", "year_day", "fee_pence")


@dataclass(frozen=True, slots=True)
class KindPlan:
    """A kind as it shall be: its plain columns by name, what it asks, when it reminds."""

    values: Mapping[str, Any]
    asks: Mapping[AskedField, bool]  # Whether it must be answered.
    reminders: Sequence[int]


def effects_of(
    session: DbSession, *, kind: MembershipKind, plan: KindPlan, at: datetime
) -> list[str]:
    """What the change does to whom, in words, before it is saved; nothing where it is plain."""
    said = []
    today = today_of(session, at)
    running = _running(session, kind, today)
    if _differs(kind, plan, AT_ONCE_FIELDS) and running:
        said.append(
            f"What it allows changes at once for the {count_words(running, 'membership')} of this"
            " kind."
        )
    if _differs(kind, plan, NEW_TERM_FIELDS):
        said.append(
            "How long a term runs and what it costs applies to new terms. Those that run stay as "
            "they are."
        )
    if plan.values["grace_days"] != kind.grace_days:
        ending = _with_grace(session, kind, today)
        days = count_words(plan.values["grace_days"], "day")
        said.append(
            f"The days of grace become {days} for {count_words(ending, 'membership')} that run or "
            "are in grace now, and for all new ones."
        )
    if plan.values.get("seats") is not None and plan.values["seats"] != kind.seats and running:
        said.append("The number of seats changes at once, where none was agreed by itself.")
    if kind.is_open and not plan.values["is_open"]:
        said.append("Nobody can ask for it any more. Applications that are open can be decided.")
    return said


def hold_kind(session: DbSession, slug: str, version: int) -> MembershipKind:
    """The kind with what it asks and its reminders, which nobody else changes until the commit.
    Raises ``StaleEdit`` where somebody changed it since this version, and ``NotFound``."""
    claimed = session.scalar(
        update(MembershipKind)
        .where(MembershipKind.slug == slug, MembershipKind.version == version)
        .values(version=version + 1)
        .returning(MembershipKind.id)
        .execution_options(synchronize_session=False)
    )
    kind = session.scalar(
        select(MembershipKind)
        .where(MembershipKind.slug == slug)
        .options(selectinload(MembershipKind.asks), selectinload(MembershipKind.reminders))
        .execution_options(populate_existing=True)
    )
    if kind is None:
        raise NotFound
    if claimed is None:
        raise StaleEdit
    return kind


def edit_kind(
    session: DbSession,
    *,
    slug: str,
    version: int,
    plan: KindPlan,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises ``StaleEdit``, ``DetailsMissing``, ``NotFound``."""
    kind = hold_kind(session, slug, version)
    if plan.values["fee_pence"] and not details_of(session).payment:
        raise DetailsMissing
    changed = [name for name, value in plan.values.items() if getattr(kind, name) != value]
    new_grace = "grace_days" in changed
    for name in changed:
        setattr(kind, name, plan.values[name])
    if _change_lists(kind, plan):
        changed.append("questions and reminders")
    session.flush()
    if new_grace:
        _move_grace(session, kind, today_of(session, now))
    if changed:
        words = join_words([name.replace("_", " ") for name in changed])
        audit.record(
            session,
            actor=actor,
            action="kind.edit",
            subject=f"membership-kind:{kind.slug}",
            summary=f"Changed the kind of membership {kind.name}: {words}."[:500],
            now=now,
        )


def _change_lists(kind: MembershipKind, plan: KindPlan) -> bool:
    before = {one.field: one.is_required for one in kind.asks}, {d.days for d in kind.reminders}
    for one in list(kind.asks):
        if one.field in plan.asks:
            one.is_required = plan.asks[one.field]
        else:
            kind.asks.remove(one)
    known = {one.field for one in kind.asks}
    kind.asks += [
        KindField(field=field, is_required=required)
        for field, required in plan.asks.items()
        if field not in known
    ]
    wanted = set(plan.reminders)
    for reminder in list(kind.reminders):
        if reminder.days not in wanted:
            kind.reminders.remove(reminder)
    there = {reminder.days for reminder in kind.reminders}
    kind.reminders += [KindReminder(days=days) for days in sorted(wanted - there)]
    return before != (dict(plan.asks), wanted)


def _move_grace(session: DbSession, kind: MembershipKind, today: date) -> None:
    """Of what runs or is in grace, day by day of the end; what was ended by hand stays ended."""
    held = Membership.kind_id == kind.id, Membership.rights_until >= today
    kept = Membership.ended_early.is_(False)
    ends = session.scalars(select(Membership.ends_on).where(*held, kept).distinct()).all()
    for last_day in ends:
        session.execute(
            update(Membership)
            .where(Membership.kind_id == kind.id, kept, Membership.ends_on == last_day)
            .values(rights_until=rights_until(kind, last_day))
            .execution_options(synchronize_session=False)
        )


def _differs(kind: MembershipKind, plan: KindPlan, names: Sequence[str]) -> bool:
    return any(getattr(kind, name) != plan.values[name] for name in names)


def _running(session: DbSession, kind: MembershipKind, today: date) -> int:
    live = Membership.ends_on.is_(None) | (Membership.rights_until >= today)
    of_it = select(func.count()).select_from(Membership).where(Membership.kind_id == kind.id, live)
    return session.scalar(of_it) or 0


def _with_grace(session: DbSession, kind: MembershipKind, today: date) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Membership)
            .where(
                Membership.kind_id == kind.id,
                Membership.rights_until >= today,
                Membership.ended_early.is_(False),
            )
        )
        or 0
    )
