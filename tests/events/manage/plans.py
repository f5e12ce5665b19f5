"""What coordinators type, in tests: short ways to write it."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.events.models import Event, EventSession
from netapp.events.plans import BookingRules, DatePlan, Details, SegmentPlan

ACTOR = Actor(None, "Jo Field")


def details_of(event: Event, **changed: Any) -> Details:
    """As the editor would send them back unchanged, but for what is named."""
    names = [name for name in Details.__dataclass_fields__ if name != "term_ids"]
    return replace(Details(**{name: getattr(event, name) for name in names}), **changed)


def rules_of(event: Event, **changed: Any) -> BookingRules:
    names = BookingRules.__dataclass_fields__
    return replace(BookingRules(**{name: getattr(event, name) for name in names}), **changed)


def plan_of(date: EventSession, **changed: Any) -> DatePlan:
    names = ("starts_at", "ends_at", "title", "place", "join_link", "note")
    plan = DatePlan(**{name: getattr(date, name) for name in names})
    return replace(plan, **changed)


def segment(title: str, starts_at: datetime, ends_at: datetime | None = None) -> SegmentPlan:
    return SegmentPlan(title, starts_at, ends_at)


def lines(session: Session) -> list[tuple[str, str, str]]:
    """The audit lines: action, summary, reason."""
    found = select(AuditLine).order_by(AuditLine.id)
    return [(line.action, line.summary, line.reason) for line in session.scalars(found)]
