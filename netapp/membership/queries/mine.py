"""How one person belongs, as they see it: what runs, what they can renew, how long they have been
here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from netapp.kernel.db import DbSession
from netapp.membership.models import AgeBand, Membership
from netapp.membership.policies import RENEWED_FROM, next_term
from netapp.membership.queries.belonging import belongs_to
from netapp.membership.queries.seats import my_seats
from netapp.membership.queries.terms import state_of, today_of
from netapp.organisations.operations.contacts import contact_of


@dataclass(frozen=True, slots=True)
class Way:
    """One way to belong: by oneself (``organisation`` is empty) or through an organisation; or the
    membership of one whose contact somebody is.

    ``state`` is coming, current, ending, grace or lapsed, of the term that ``key`` names: the one
    that runs, else the last.
    """

    key: str
    kind: str
    kind_slug: str
    organisation: str
    organisation_slug: str
    starts_on: date
    ends_on: date | None
    rights_until: date | None
    state: str
    renewed_until: date | None  # A later term is there already.
    can_renew: bool
    next_from: date | None
    next_until: date | None
    fee_pence: int
    age_band: AgeBand | None
    is_young: bool
    is_own: bool
    is_contact: bool
    has_seat: bool  # Of the organisation: a contact may look after it without one.


@dataclass(frozen=True, slots=True)
class Past:
    kind: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class MyMembership:
    """``since`` is the first day of the first term of their own, and ``days`` how many days of
    all of them have passed, wherever there were gaps."""

    ways: Sequence[Way]
    past: Sequence[Past]
    since: date | None
    days: int

    @property
    def belongs(self) -> bool:
        """Or did until lately, by themselves or by a seat."""
        return any(way.is_own or way.has_seat for way in self.ways)


def my_membership(session: DbSession, person_id: int, *, at: datetime) -> MyMembership:
    today = today_of(session, at)
    contact_for = contact_of(session, person_id, now=at)
    seated = {one.organisation_id for one in my_seats(session, person_id, at=at)}
    found = session.scalars(
        select(Membership)
        .where(or_(belongs_to(person_id), Membership.organisation_id.in_(contact_for)))
        .options(joinedload(Membership.kind), joinedload(Membership.organisation))
        .order_by(Membership.starts_on, Membership.id)
        .execution_options(populate_existing=True)
    ).all()
    own = [one for one in found if one.person_id is not None]
    by_holder: dict[int | None, list[Membership]] = {}
    for one in found:
        by_holder.setdefault(one.organisation_id, []).append(one)
    ways = [
        _way(terms, organisation_id in contact_for, organisation_id in seated, today)
        for organisation_id, terms in sorted(by_holder.items(), key=lambda item: item[0] or 0)
    ]
    begun = [one.starts_on for one in own if one.starts_on <= today]
    past = [
        Past(one.kind.name, one.starts_on, one.ends_on)
        for one in reversed(own)
        if one.ends_on is not None and one.ends_on < today
    ]
    return MyMembership(
        ways=[way for way in ways if way is not None],
        past=past,
        since=min(begun, default=None),
        days=total_days(own, today),
    )


def total_days(terms: Sequence[Membership], today: date) -> int:
    """How many days of these terms have passed, today included; they do not overlap."""
    total = 0
    for one in terms:
        last = min(one.ends_on, today) if one.ends_on else today
        total += max(0, (last - one.starts_on).days + 1)
    return total


def _way(terms: Sequence[Membership], is_contact: bool, has_seat: bool, today: date) -> Way | None:
    """Of one holder's terms in order of time. One that was ended by hand is no way any more."""
    running = [one for one in terms if one.starts_on <= today and _runs(one, today)]
    coming = [one for one in terms if one.starts_on > today]
    held = running[-1] if running else coming[0] if coming else terms[-1]
    if not running and not coming and held.ended_early:
        return None
    later = [one for one in coming if one is not held]
    is_own = held.person_id is not None
    state = "coming" if held.starts_on > today else state_of(held.ends_on, held.rights_until, today)
    next_from = next_until = None
    ends, rights = held.ends_on, held.rights_until
    can_renew = (
        (is_own or is_contact)
        and ends is not None
        and rights is not None
        and not held.ended_early
        and state != "coming"
        and not later
        and today >= ends - RENEWED_FROM
    )
    if can_renew and ends is not None and rights is not None:
        next_from, next_until = next_term(
            held.kind, last_day=ends, rights_until=rights, today=today
        )
    return Way(
        key=held.key,
        kind=held.kind.name,
        kind_slug=held.kind.slug,
        organisation=held.organisation.name if held.organisation else "",
        organisation_slug=held.organisation.slug if held.organisation else "",
        starts_on=held.starts_on,
        ends_on=held.ends_on,
        rights_until=held.rights_until,
        state=state,
        renewed_until=later[-1].ends_on if later else None,
        can_renew=can_renew,
        next_from=next_from,
        next_until=next_until,
        fee_pence=held.kind.fee_pence,
        age_band=held.age_band,
        is_young=held.kind.is_young,
        is_own=is_own,
        is_contact=is_contact,
        has_seat=has_seat,
    )


def _runs(held: Membership, today: date) -> bool:
    return held.ends_on is None or held.ends_on >= today
