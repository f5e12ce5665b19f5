"""The table of how long things are kept, with how much would go today."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import Rule
from netapp.kernel.site import site_of
from netapp.privacy.models import RetentionRule
from netapp.privacy.retention import RULES, is_over


@dataclass(frozen=True, slots=True)
class Line:
    """One rule; ``due``: how many rows the worker would take tonight."""

    name: str
    rule: Rule
    days: int
    due: int


@dataclass(frozen=True, slots=True)
class Promise:
    """What people were told beside a tick: a setting, for reading only."""

    what: str
    days: int
    setting: str


def chosen_days(session: DbSession) -> dict[str, int]:
    """Days by rule: as coordinators chose, else ours."""
    chosen = {row.name: row.days for row in session.scalars(select(RetentionRule))}
    return {name: chosen.get(name, rule.days) for name, rule in RULES.items()}


def lines(session: DbSession, now: datetime) -> list[Line]:
    """A dry run: one query for each rule, and nothing is changed."""
    days = chosen_days(session)
    found = []
    for name, rule in RULES.items():
        over = select(func.count()).select_from(rule.model).where(is_over(rule, days[name], now))
        found.append(Line(name, rule, days[name], session.scalar(over) or 0))
    return found


def promises(session: DbSession) -> list[Promise]:
    site = site_of(session)
    return [
        Promise(
            "What somebody told an event they need, after its last date",
            site.needs_keep_days,
            "NETAPP_ACCESS_NEEDS_KEEP_DAYS",
        ),
        Promise(
            "Answers to questions, after the last date of the event",
            site.answers_keep_days,
            "NETAPP_ANSWERS_KEEP_DAYS",
        ),
        Promise("Interest in events", site.interest_keep_days, "NETAPP_INTEREST_KEEP_DAYS"),
        Promise("Texts of mails, after sending", site.mail_keep_days, "NETAPP_MAIL_KEEP_DAYS"),
    ]
