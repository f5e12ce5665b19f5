"""What would happen if one organisation of the register went into another, side by side."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from netapp.groups.models import GroupOrganisation
from netapp.kernel.db import DbSession
from netapp.kernel.words import count_words
from netapp.membership.queries.merging import MembershipMove, membership_move
from netapp.organisations.models import Organisation
from netapp.organisations.queries.one import OrganisationPage, page_of
from netapp.organisations.queries.people import colleagues


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that the two say, and what the register says afterwards."""

    label: str
    gone: str
    left: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    gone: OrganisationPage
    left: OrganisationPage
    rows: tuple[Row, ...]
    moves: tuple[str, ...]
    membership: MembershipMove


def preview(session: DbSession, gone: Organisation, left: Organisation, *, at: datetime) -> Preview:
    """Both with type, office area, areas and names loaded."""
    one, other = page_of(gone), page_of(left)
    move = membership_move(session, gone_id=gone.id, left_id=left.id)
    people = colleagues(session, gone.id, at=at)
    parts = select(func.count()).select_from(GroupOrganisation)
    groups = session.scalar(parts.where(GroupOrganisation.organisation_id == gone.id)) or 0
    return Preview(one, other, _rows(one, other), _moves(move, len(people), groups), move)


def _rows(gone: OrganisationPage, left: OrganisationPage) -> tuple[Row, ...]:
    pairs = [
        ("What it is", gone.type, left.type),
        ("Legal form", gone.legal_form, left.legal_form),
        ("Office", gone.office_area, left.office_area),
        ("Website", gone.website, left.website),
        ("What it does", gone.description, left.description),
        ("Source", gone.source, left.source),
    ]
    rows = [Row(label, theirs, ours, ours or theirs) for label, theirs, ours in pairs]
    areas = [*left.areas, *(area for area in gone.areas if area not in left.areas)]
    names = dict.fromkeys(
        [*(one.name for one in left.names), gone.name, *(one.name for one in gone.names)]
    )
    return (
        Row("Name", gone.name, left.name, left.name),
        Row(
            "Other names",
            "; ".join(one.name for one in gone.names),
            "; ".join(one.name for one in left.names),
            "; ".join(name for name in names if name != left.name),
        ),
        Row("Areas served", "; ".join(gone.areas), "; ".join(left.areas), "; ".join(areas)),
        *rows,
    )


def _moves(move: MembershipMove, people: int, groups: int) -> tuple[str, ...]:
    numbers = (
        (people, "person who works or worked there", "people who work or worked there"),
        (move.terms, "term of membership", "terms of membership"),
        (move.seats, "seat", "seats"),
        (move.applications, "application to join", "applications to join"),
        (groups, "group that it is part of", "groups that it is part of"),
    )
    return tuple(count_words(number, one, many) for number, one, many in numbers if number)
