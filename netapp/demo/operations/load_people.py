"""Invented members and coordinators."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from netapp.demo.operations.bulk import Row, insert_rows, reserve_ids
from netapp.demo.people import invented_name
from netapp.demo.sizes import Size
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import ALPHABET
from netapp.kernel.zones import to_local
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.operations.kinds import CORE, load_kinds
from netapp.people.models import Person, Role, RoleGrant

HOST = "sample.example"
ORGANISATIONS = (
    *("", "Sample Music Service", "Sample Youth Choir", "Freelance (sample)"),
    "Sample Community Partnership for Music, Movement and Making in Rural, Coastal and New Towns"
    " of the Northern Sample Hills",
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """What the rest of the data needs to know of a person."""

    id: int
    name: str
    email: str


def new_sample_key(chance: Random, length: int = 12) -> str:
    """As ``tokens.new_key``, but the same for the same seed: it protects nothing."""
    return "".join(chance.choices(ALPHABET, k=length))


def load_people(
    session: DbSession, *, size: Size, chance: Random, now: datetime
) -> tuple[list[Somebody], list[Somebody]]:
    """Members, and coordinators who are members too. None of them can sign in."""
    number = size.members + size.coordinators
    people = [
        Somebody(person_id, invented_name(n), f"person-{n}@{HOST}")
        for n, person_id in enumerate(reserve_ids(session, Person, number))
    ]
    joined = {p.id: now - timedelta(days=chance.randint(30, 365 * size.years)) for p in people}
    insert_rows(session, Person, (_person(p, joined[p.id], chance) for p in people))
    zone = site_of(session).zone
    load_kinds(session)
    core = session.scalars(select(MembershipKind).where(MembershipKind.slug == CORE)).one()
    insert_rows(
        session,
        Membership,
        (
            {
                "key": new_sample_key(chance),
                "kind_id": core.id,
                "person_id": person.id,
                "starts_on": to_local(joined[person.id], zone).date(),
                "granted_at": joined[person.id],
                "note": "Sample",
            }
            for person in people
        ),
    )
    coordinators = people[: size.coordinators]
    insert_rows(
        session,
        RoleGrant,
        (
            {"person_id": p.id, "role": Role.COORDINATOR, "granted_at": joined[p.id]}
            for p in coordinators
        ),
    )
    return people[size.coordinators :], coordinators


def _person(person: Somebody, joined: datetime, chance: Random) -> Row:
    return {
        "id": person.id,
        "key": new_sample_key(chance),
        "email": person.email,
        "name": person.name,
        "organisation": chance.choice(ORGANISATIONS),
        "created_at": joined,
        "email_confirmed_at": joined,
        "registered_at": joined,
        "is_demo": True,
    }
