"""Terms of membership one after another: the last of each holder, what follows, who is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from netapp.kernel.db import DbSession
from netapp.kernel.pages import PER_PAGE, Page
from netapp.kernel.site import site_of
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, MembershipKind, Seat
from netapp.membership.policies import RENEWED_FROM
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person

SHOWN: Final = ("ending", "grace", "lapsed", "current")
LAPSED_LATELY: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is written to about a membership."""

    person_id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class TermLine:
    """One line of the desk's list: the last term of somebody or of an organisation."""

    key: str
    name: str
    kind: str
    person_key: str | None
    organisation_key: str | None
    starts_on: date
    ends_on: date | None
    rights_until: date | None
    state: str  # current, ending, grace, lapsed
    can_renew: bool


def today_of(session: DbSession, at: datetime) -> date:
    """The day in the network's zone."""
    return to_local(at, site_of(session).zone).date()


def same_holder(one: type[Membership], other: type[Membership] | Membership) -> ColumnElement[bool]:
    return or_(
        and_(one.person_id.is_not(None), one.person_id == other.person_id),
        and_(one.organisation_id.is_not(None), one.organisation_id == other.organisation_id),
    )


def is_last() -> ColumnElement[bool]:
    """The condition that the holder has no later term."""
    later = aliased(Membership)
    follows = or_(later.ends_on.is_(None), later.ends_on > Membership.ends_on)
    found = select(later.id).where(same_holder(later, Membership), later.id != Membership.id)
    return ~found.where(Membership.ends_on.is_not(None), follows).correlate(Membership).exists()


def last_term(session: DbSession, held: Membership) -> Membership | None:
    """The last term of whoever holds (or held) this one, with its kind."""
    return session.scalar(
        select(Membership)
        .where(same_holder(Membership, held), is_last())
        .order_by(Membership.starts_on.desc(), Membership.id.desc())
        .options(joinedload(Membership.kind))
        .limit(1)
        .execution_options(populate_existing=True)
    )


def holder_of(session: DbSession, held: Membership) -> str:
    """The name of the person or the organisation."""
    if held.person_id is not None:
        name = select(Person.name).where(Person.id == held.person_id)
    else:
        name = select(Organisation.name).where(Organisation.id == held.organisation_id)
    return session.scalar(name) or ""


def recipients_of(session: DbSession, held: Membership, *, at: datetime) -> Sequence[Recipient]:
    """Whom mails about it go to: the person; of an organisation its contacts, or, where it has
    none, everybody with a seat. Nobody whose account is closed."""
    if held.person_id is not None:
        return _people(session, Person.id == held.person_id)
    works = select(Affiliation.person_id).where(
        Affiliation.organisation_id == held.organisation_id,
        or_(Affiliation.ends_on.is_(None), Affiliation.ends_on >= today_of(session, at)),
        Affiliation.is_contact.is_(True),
    )
    contacts = _people(session, Person.id.in_(works))
    return contacts or seated(session, held.organisation_id)


def seated(session: DbSession, organisation_id: int | None) -> Sequence[Recipient]:
    """Who has a seat of this organisation now; nobody whose account is closed."""
    live = Seat.organisation_id == organisation_id, Seat.ended_at.is_(None)
    return _people(session, Person.id.in_(select(Seat.person_id).where(*live)))


def terms_page(
    session: DbSession, *, show: str, kind: str, number: int, at: datetime
) -> Page[TermLine]:
    """The last terms: running, ending within three months, in grace, or lapsed within a year; of
    one kind (its slug) or of all. What ends first comes first. Two queries."""
    today = today_of(session, at)
    conditions = [is_last(), _shown(show, today)]
    if kind:
        conditions.append(MembershipKind.slug == kind)
    joined = select(Membership).join(MembershipKind, MembershipKind.id == Membership.kind_id)
    total = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(MembershipKind, MembershipKind.id == Membership.kind_id)
        .where(*conditions)
    )
    rows = session.execute(
        joined.with_only_columns(
            Membership.key,
            Membership.starts_on,
            Membership.ends_on,
            Membership.rights_until,
            Membership.ended_early,
            MembershipKind.name.label("kind"),
            func.coalesce(Person.name, Organisation.name).label("name"),
            Person.key.label("person_key"),
            Organisation.key.label("organisation_key"),
        )
        .outerjoin(Person, Person.id == Membership.person_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(*conditions)
        .order_by(Membership.ends_on.is_(None), Membership.ends_on, Membership.id)
        .limit(PER_PAGE)
        .offset((number - 1) * PER_PAGE)
    )
    lines = [
        TermLine(
            key=row.key,
            name=row.name,
            kind=row.kind,
            person_key=row.person_key,
            organisation_key=row.organisation_key,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            rights_until=row.rights_until,
            state=state_of(row.ends_on, row.rights_until, today),
            can_renew=not row.ended_early
            and row.ends_on is not None
            and row.starts_on <= today
            and today >= row.ends_on - RENEWED_FROM,
        )
        for row in rows
    ]
    return Page(lines, number, total or 0)


def term_counts(session: DbSession, *, at: datetime) -> dict[str, int]:
    """How many there are, by the name of each list."""
    today = today_of(session, at)
    return {
        show: session.scalar(
            select(func.count()).select_from(Membership).where(is_last(), _shown(show, today))
        )
        or 0
        for show in SHOWN
    }


def state_of(ends_on: date | None, rights_until: date | None, today: date) -> str:
    if ends_on is None or rights_until is None:
        return "current"
    if ends_on >= today:
        return "ending" if ends_on - RENEWED_FROM <= today else "current"
    return "grace" if rights_until >= today else "lapsed"


def _shown(show: str, today: date) -> ColumnElement[bool]:
    ends, rights = Membership.ends_on, Membership.rights_until
    if show == "grace":
        return and_(ends < today, rights >= today)
    if show == "lapsed":
        return and_(rights < today, rights >= today - LAPSED_LATELY)
    if show == "ending":
        return and_(ends >= today, ends <= today + RENEWED_FROM)
    return or_(ends.is_(None), ends >= today)


def _people(session: DbSession, who: ColumnElement[bool]) -> list[Recipient]:
    rows = session.execute(
        select(Person.id, Person.name, Person.email)
        .where(who, Person.disabled_at.is_(None))
        .order_by(Person.id)
    )
    return [Recipient(row.id, row.name, row.email) for row in rows]
