"""Applications to join: the coordinators' queue, one of them with all that happened, and what the
applicant sees of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload, selectinload

from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.membership.application_models import (
    OPEN_STATES,
    Application,
    ApplicationState,
    Referee,
    StepKind,
)
from netapp.membership.models import MembershipKind
from netapp.people.models import Person

FILTERS = ("open", "waiting", "asked", "approved", "declined", "withdrawn", "all")
STATE_WORDS = {
    ApplicationState.WAITING: "Waits for you",
    ApplicationState.ASKED: "Asked back",
    ApplicationState.APPROVED: "Approved",
    ApplicationState.DECLINED: "Declined",
    ApplicationState.WITHDRAWN: "Withdrawn",
}
TOLD = (
    *(StepKind.SENT, StepKind.ASKED, StepKind.ANSWERED, StepKind.APPROVED),
    *(StepKind.DECLINED, StepKind.WITHDRAWN),
)
"""The steps that an applicant sees; notes and references are between coordinators."""


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """One line of the queue."""

    key: str
    version: int
    name: str
    organisation: str
    kind: str
    state: ApplicationState
    state_words: str
    sent_at: datetime
    referees: int
    replies: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that happened, as the applicant reads it."""

    at: datetime
    kind: StepKind
    words: str


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """What an applicant sees of their application."""

    key: str
    kind: str
    organisation: str
    fee_pence: int
    order_number: str
    state: ApplicationState
    sent_at: datetime
    is_open: bool
    wants_referee: bool
    can_name_referee: bool
    referees: Sequence[str]
    said: Sequence[Said]


def applications_page(session: DbSession, *, show: str, number: int) -> Page[ApplicationLine]:
    """``show`` is one of ``FILTERS``. Open ones: the longest wait first; else the newest first.
    Two queries, however many there are."""
    conditions = _among(show)
    total = session.scalar(select(func.count()).select_from(Application).where(*conditions)) or 0
    waits = Application.sent_at, Application.id
    order = waits if show in ("open", "waiting", "asked") else tuple(o.desc() for o in waits)
    asked = select(func.count(Referee.id)).where(Referee.application_id == Application.id)
    replied = asked.where(Referee.replied_at.is_not(None))
    rows = session.execute(
        select(
            Application.key,
            Application.version,
            Application.organisation_name,
            Application.state,
            Application.sent_at,
            Person.name,
            Person.organisation,
            MembershipKind.name.label("kind"),
            asked.scalar_subquery().label("referees"),
            replied.scalar_subquery().label("replies"),
        )
        .join(Person, Person.id == Application.person_id)
        .join(MembershipKind, MembershipKind.id == Application.kind_id)
        .where(*conditions)
        .order_by(*order)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    lines = [
        ApplicationLine(
            key=row.key,
            version=row.version,
            name=row.name,
            organisation=row.organisation_name or row.organisation,
            kind=row.kind,
            state=row.state,
            state_words=STATE_WORDS[row.state],
            sent_at=row.sent_at,
            referees=row.referees,
            replies=row.replies,
            is_open=row.state in OPEN_STATES,
        )
        for row in rows
    ]
    return Page(lines, number, total)


def application_counts(session: DbSession) -> dict[str, int]:
    """How many there are, by the name of each filter."""
    rows = session.execute(
        select(Application.state, func.count()).group_by(Application.state)
    ).all()
    by_state = {state: int(number) for state, number in rows}
    counts = {state.value: by_state.get(state, 0) for state in ApplicationState}
    counts["open"] = sum(by_state.get(state, 0) for state in OPEN_STATES)
    counts["all"] = sum(by_state.values())
    return counts


def find_application(session: DbSession, key: str) -> Application | None:
    """With all that coordinators read."""
    return session.scalar(
        select(Application)
        .where(Application.key == key)
        .options(
            joinedload(Application.kind),
            joinedload(Application.person),
            joinedload(Application.organisation),
            selectinload(Application.steps),
            selectinload(Application.referees),
        )
        .execution_options(populate_existing=True)
    )


def applications_of(session: DbSession, person_id: int) -> Sequence[Application]:
    """All of one person, the newest first, with kinds."""
    return session.scalars(
        select(Application)
        .where(Application.person_id == person_id)
        .options(joinedload(Application.kind))
        .order_by(Application.id.desc())
    ).all()


def as_applicant_sees(application: Application) -> OwnApplication:
    """From ``find_application``: what may be shown to the applicant, and nothing else."""
    wants = application.kind.needs_referee
    named = tuple(
        step.words
        for step in application.steps
        if step.kind is StepKind.REFEREE_ASKED and step.actor_id == application.person_id
    )
    return OwnApplication(
        key=application.key,
        kind=application.kind.name,
        organisation=application.organisation_name,
        fee_pence=application.kind.fee_pence,
        order_number=application.order_number,
        state=application.state,
        sent_at=application.sent_at,
        is_open=application.is_open,
        wants_referee=wants and application.is_open and not named,
        can_name_referee=wants and application.is_open,
        referees=named,
        said=tuple(
            Said(step.at, step.kind, step.words) for step in application.steps if step.kind in TOLD
        ),
    )


def _among(show: str) -> list[ColumnElement[bool]]:
    if show == "open":
        return [Application.state.in_(OPEN_STATES)]
    if show == "all":
        return []
    return [Application.state == ApplicationState(show)]


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many applications wait for a coordinator, and since when the first does."""

    number: int
    since: datetime
    name: str  # Whose it is, where it is one.
    key: str


def waiting_applications(session: DbSession) -> Waiting | None:
    """One query; None where nobody waits."""
    number = func.count().over()
    row = session.execute(
        select(number.label("number"), Application.sent_at, Application.key, Person.name)
        .join(Person, Person.id == Application.person_id)
        .where(Application.state == ApplicationState.WAITING)
        .order_by(Application.sent_at, Application.id)
        .limit(1)
    ).one_or_none()
    return Waiting(int(row.number), row.sent_at, row.name, row.key) if row else None
