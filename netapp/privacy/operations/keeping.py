"""How long things are kept: chosen by coordinators, carried out each day by the worker."""

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select, update

from netapp.audit import operations as audit
from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.errors import NotFound
from netapp.kernel.personal_data import Clear, Delete, Rule
from netapp.privacy.errors import DaysOutOfRange
from netapp.privacy.models import RetentionRule
from netapp.privacy.operations.erasing import erase, forget_mail
from netapp.privacy.queries.retention import chosen_days
from netapp.privacy.retention import RULES, is_over

MOST_AT_ONCE: Final = 500
"""Rows in one transaction of the worker, so that nobody waits for it."""


def set_days(session: DbSession, *, name: str, days: int, actor: Actor, now: datetime) -> None:
    """Raises ``NotFound``, ``DaysOutOfRange``."""
    rule = RULES.get(name)
    if rule is None:
        raise NotFound
    if not rule.at_least <= days <= rule.at_most:
        raise DaysOutOfRange
    was = chosen_days(session)[name]
    row = insert_for(session, RetentionRule).values(name=name, days=days, version=1)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["name"],
            set_={"days": days, "version": RetentionRule.version + 1},
        )
    )
    audit.record(
        session,
        actor=actor,
        action="retention.change",
        subject=f"retention:{name}",
        summary=f"{rule.what}: kept for {days} days, not {was}.",
        now=now,
    )


def carry_out(session: DbSession, now: datetime) -> int:
    """Take what is older than the table says, up to ``MOST_AT_ONCE`` rows of the first rule that
    has any; a line in the activity log says how many. Returns how many: 0 when all is done."""
    days = chosen_days(session)
    for name, rule in RULES.items():
        number = _carry_out(session, rule, days[name], now)
        if number:
            audit.record(
                session,
                actor=audit.WORKER,
                action="retention.carry_out",
                subject=f"retention:{name}",
                summary=f"{rule.what}: {number} kept for {days[name]} days, as the table says.",
                now=now,
            )
            return number
    return 0


def _carry_out(session: DbSession, rule: Rule, days: int, now: datetime) -> int:
    key = rule.model.__mapper__.primary_key[0]
    rows = session.scalars(
        select(key).where(is_over(rule, days, now)).order_by(key).limit(MOST_AT_ONCE)
    ).all()
    if not rows:
        return 0
    quietly = {"synchronize_session": False}
    match rule.closing:
        case None:
            for person_id in rows:
                forget_mail(session, person_id)
                erase(session, person_id)
                session.execute(
                    update(rule.model).where(key == person_id).values(disabled_at=now),
                    execution_options=quietly,
                )
        case Clear(values=values):
            session.execute(
                update(rule.model).where(key.in_(rows)).values(dict(values)),
                execution_options=quietly,
            )
        case Delete():
            for column in rule.parts:
                children = delete(column.class_).where(column.in_(rows))
                session.execute(children, execution_options=quietly)
            session.execute(delete(rule.model).where(key.in_(rows)), execution_options=quietly)
    session.expire_all()
    return len(rows)
