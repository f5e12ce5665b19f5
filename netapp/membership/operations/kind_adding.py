"""Coordinators add a kind of membership, or remove one that nobody ever had."""

from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.revisions import raise_revision
from netapp.kernel.slugs import MAX_LENGTH, slugify
from netapp.membership.errors import DetailsMissing, KindInUse, KindNameTaken
from netapp.membership.models import Holder, KindField, KindReminder, MembershipKind
from netapp.membership.operations.invoicing import details_of
from netapp.membership.operations.kind_editing import KindPlan, hold_kind
from netapp.membership.queries.kinds import uses_of

LOCK: Final = "membership-kinds"
NOT_AN_ADDRESS: Final = frozenset({"new"})


def add_kind(
    session: DbSession,
    *,
    plan: KindPlan,
    holder: Holder,
    is_young: bool = False,
    actor: Actor,
    now: datetime,
) -> MembershipKind:
    """It stands last in the list. ``plan.values`` have ``seats`` where organisations hold it.

    Raises ``KindNameTaken`` and ``DetailsMissing``.
    """
    raise_revision(session, LOCK, now)  # Written first: two who add at once go one by one.
    name = str(plan.values["name"])
    same = func.lower(MembershipKind.name) == name.lower()
    if session.scalar(select(MembershipKind.id).where(same).limit(1)) is not None:
        raise KindNameTaken
    if plan.values["fee_pence"] and not details_of(session).payment:
        raise DetailsMissing
    last = session.scalar(select(func.max(MembershipKind.position))) or 0
    kind = MembershipKind(
        slug=_free_slug(session, name),
        holder=holder,
        is_young=is_young,
        position=last + 1,
        asks=[KindField(field=each, is_required=must) for each, must in plan.asks.items()],
        reminders=[KindReminder(days=days) for days in sorted(set(plan.reminders))],
        **plan.values,
    )
    session.add(kind)
    session.flush()
    _record(session, kind, "add", f"Added the kind of membership {kind.name}.", actor, now)
    return kind


def remove_kind(
    session: DbSession, *, slug: str, version: int, actor: Actor, now: datetime
) -> None:
    """Raises ``KindInUse`` where anybody ever had it or asked for it: it can be closed instead.
    Raises ``StaleEdit`` and ``NotFound``."""
    kind = hold_kind(session, slug, version)
    if uses_of(session, kind).any:
        raise KindInUse
    _record(session, kind, "remove", f"Removed the kind of membership {kind.name}.", actor, now)
    session.delete(kind)
    try:
        session.flush()
    except IntegrityError as quicker:  # Somebody was given it, or asked for it, this moment.
        raise KindInUse from quicker


def _free_slug(session: DbSession, name: str) -> str:
    """From the name; with a number where another has that address."""
    wanted, number = slugify(name, fallback="kind"), 1
    taken = set(session.scalars(select(MembershipKind.slug))) | NOT_AN_ADDRESS
    slug = wanted
    while slug in taken:
        number += 1
        slug = f"{wanted[: MAX_LENGTH - 4]}-{number}"
    return slug


def _record(
    session: DbSession, kind: MembershipKind, act: str, summary: str, actor: Actor, now: datetime
) -> None:
    audit.record(
        session,
        actor=actor,
        action=f"kind.{act}",
        subject=f"membership-kind:{kind.slug}",
        summary=summary,
        now=now,
    )
