"""The activity log, read."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from netapp.audit.models import AuditLine
from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page

MOST_EXPORTED = 50_000
"""Rows in one file; the newest. Narrow the filter for older ones."""


@dataclass(frozen=True, slots=True)
class LogFilter:
    """``subject`` is the beginning of a subject (``person:``, ``event:k3v9…``), ``actor`` any part
    of a name; empty means all."""

    subject: str = ""
    actor: str = ""

    def conditions(self) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        if self.subject:
            found.append(AuditLine.subject.startswith(self.subject, autoescape=True))
        if self.actor:
            found.append(AuditLine.actor_name.icontains(self.actor, autoescape=True))
        return found


@dataclass(frozen=True, slots=True)
class LogLine:
    """One act: when, who, what."""

    at: datetime
    actor: str
    action: str
    subject: str
    summary: str
    reason: str


def log_page(session: DbSession, chosen: LogFilter, *, number: int) -> Page[LogLine]:
    """One page, the newest first. Two queries."""
    conditions = chosen.conditions()
    total = session.scalar(select(func.count()).select_from(AuditLine).where(*conditions)) or 0
    return Page(_lines(session, conditions, PER_PAGE, (number - 1) * PER_PAGE), number, total)


def lines_of_actions(
    session: DbSession, *, subjects: Select[str], actions: Sequence[str], most: int
) -> Sequence[LogLine]:
    """The newest lines of these actions about any of these subjects. One query."""
    chosen: list[ColumnElement[bool]] = [
        AuditLine.subject.in_(subjects),
        AuditLine.action.in_(actions),
    ]
    return [LogLine(*row) for row in session.execute(_select(chosen).limit(most))]


def all_lines(session: DbSession, chosen: LogFilter) -> Iterator[LogLine]:
    """For the export: the newest first, at most ``MOST_EXPORTED``, read in helpings."""
    rows = session.execute(
        _select(chosen.conditions()).limit(MOST_EXPORTED).execution_options(yield_per=1_000)
    )
    return (LogLine(*row) for row in rows)


def lines_about(session: DbSession, subject: str, *, most: int = 10) -> Sequence[LogLine]:
    """The newest lines about one thing."""
    return _lines(session, [AuditLine.subject == subject], most, 0)


def _lines(
    session: DbSession, conditions: list[ColumnElement[bool]], limit: int, offset: int
) -> list[LogLine]:
    rows = session.execute(_select(conditions).limit(limit).offset(offset))
    return [LogLine(*row) for row in rows]


def _select(
    conditions: list[ColumnElement[bool]],
) -> Select[datetime, str, str, str, str, str]:
    return (
        select(
            AuditLine.at,
            AuditLine.actor_name,
            AuditLine.action,
            AuditLine.subject,
            AuditLine.summary,
            AuditLine.reason,
        )
        .where(*conditions)
        .order_by(AuditLine.at.desc(), AuditLine.id.desc())
    )
