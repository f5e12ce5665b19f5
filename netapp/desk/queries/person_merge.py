"""What would happen if one person went into another, without doing it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, select

from netapp.events.models import Booking, Event
from netapp.events.operations.one_person import twice
from netapp.groups.models import GroupMember
from netapp.groups.operations.one_person import in_both
from netapp.kernel.db import DbSession
from netapp.kernel.errors import DomainError
from netapp.kernel.one_person import Follows, clashes, count
from netapp.kernel.site import site_of
from netapp.kernel.words import count_words, date_words, day_words
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership
from netapp.membership.operations.one_person import overlaps
from netapp.people.addresses import shown
from netapp.people.models import AccessProfile, Person
from netapp.people.operations.one_person import check
from netapp.privacy.queries.held import consents_given
from netapp.workflows.person_references import ALL

LABELS: Final = {
    "name": "Name",
    "email": "Email address",
    "organisation": "Organisation, as they wrote it",
}
PROFILE_WORDS: Final = (
    "Both keep what helps them take part, or what they eat: that of the one who stays is kept."
)


@dataclass(frozen=True, slots=True)
class Choice:
    """A detail of both; where they differ, a coordinator chooses. ``name`` as of the column."""

    name: str
    label: str
    gone: str
    kept: str

    @property
    def is_open(self) -> bool:
        """Whether there is something to choose."""
        return self.gone != self.kept

    @property
    def usual(self) -> str:
        """What is chosen unless somebody says so: who stays, if that says anything."""
        return "kept" if self.kept or not self.gone else "gone"


@dataclass(frozen=True, slots=True)
class MergePreview:
    """``twice``: dates on which both have a place. ``refusal``: why it cannot be, in words;
    ``other_way``: the other way round it could."""

    gone: Person
    kept: Person
    choices: Sequence[Choice]
    moves: Sequence[str]
    notes: Sequence[str]
    twice: Sequence[str]
    refusal: str
    other_way: bool


def preview(session: DbSession, gone: Person, kept: Person, *, now: datetime) -> MergePreview:
    """Both with ``roles``."""
    dates = [
        f"{each.title}, {date_words(each.starts_at, each.zone)}"
        for each in twice(session, gone_id=gone.id, kept_id=kept.id)
    ]
    return MergePreview(
        gone,
        kept,
        _choices(gone, kept),
        _moves(session, gone),
        list(_notes(session, gone, kept, now)),
        dates,
        _refusal(gone, kept),
        other_way=gone.registered_at is not None and kept.registered_at is None,
    )


def _refusal(gone: Person, kept: Person) -> str:
    try:
        check(gone, kept, versions=(gone.version, kept.version))
    except DomainError as refusal:
        return str(refusal)
    return ""


def _choices(gone: Person, kept: Person) -> list[Choice]:
    found = []
    for name, label in LABELS.items():
        values = [str(getattr(each, name)) for each in (gone, kept)]
        if name == "email":
            values = [shown(each) for each in values]
        found.append(Choice(name, label, *values))
    return found


def _moves(session: DbSession, gone: Person) -> list[str]:
    def number(column: object, of: object) -> int:
        return session.scalar(select(func.count(column)).where(of)) or 0  # type: ignore[arg-type]

    counted = [
        (number(Booking.id, Booking.person_id == gone.id), "booking", "bookings"),
        (number(Membership.id, Membership.person_id == gone.id), "membership", "memberships"),
        (number(GroupMember.id, GroupMember.person_id == gone.id), "group", "groups"),
        (len(consents_given(session, gone.id)), "consent", "consents"),
        *(
            (count(session, rule, gone.id), rule.one, rule.many)
            for rule in ALL
            if isinstance(rule, Follows) and rule.one
        ),
    ]
    return [count_words(many, one, others) for many, one, others in counted if many]


def _notes(session: DbSession, gone: Person, kept: Person, now: datetime) -> Iterator[str]:
    """What follows beside, and what both have of which there is one afterwards."""
    pair = {"gone_id": gone.id, "kept_id": kept.id}
    if gone.registered_at:
        yield (
            f"{kept.name} signs in as before. Where the other was signed in, that ends; their "
            "password and second step open nothing any more."
        )
    yield "Calendar addresses and links in mails of both go on working."
    yield "Whoever books with either address is this person."
    for title in _booked_twice(session, gone.id, kept.id):
        yield f"Both have booked {title}: it becomes one booking, with the places of both."
    today = to_local(now, site_of(session).zone).date()
    for overlap in overlaps(session, today=today, **pair)[1]:
        until = overlap.longer.ends_on
        yield (
            "Both hold a membership for the same time: the longer stays, "
            f"{overlap.longer.kind.name} {f'until {day_words(until)}' if until else 'without an end'}."  # noqa: E501
        )
    for _, _, name in in_both(session, **pair):
        yield f"Both are in {name}: it counts them once, with the roles of both."
    for rule in ALL:
        if not isinstance(rule, Follows) or rule.once is None or not rule.once.words:
            continue
        if clashes(session, rule, gone=gone.id, kept=kept.id):
            yield rule.once.words
    mine = select(AccessProfile.kind).where(AccessProfile.person_id == kept.id)
    theirs = AccessProfile.person_id == gone.id, AccessProfile.kind.in_(mine)
    if session.scalar(select(AccessProfile.id).where(*theirs).limit(1)):
        yield PROFILE_WORDS
    new = {grant.role for grant in gone.roles} - {grant.role for grant in kept.roles}
    for role in sorted(new, key=lambda each: each.value):
        yield f"{kept.name} gets the role of the other: {_role_words(role.value)}."
    if kept.disabled_at:
        yield f"The account of {kept.name} is locked, and stays locked."


def _role_words(role: str) -> str:
    return role.replace("-", " ")


def _booked_twice(session: DbSession, gone_id: int, kept_id: int) -> Sequence[str]:
    mine = select(Booking.event_id).where(Booking.person_id == kept_id, Booking.live)
    return session.scalars(
        select(Event.title)
        .join(Booking, Booking.event_id == Event.id)
        .where(Booking.person_id == gone_id, Booking.live, Booking.event_id.in_(mine))
        .order_by(Event.title)
    ).all()
