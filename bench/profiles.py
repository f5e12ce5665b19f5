"""Members with profiles, for the directory."""

from collections.abc import Iterator
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bench.filling import database_of
from bench.servers import Site
from netapp.demo.operations.bulk import insert_rows, reserve_ids
from netapp.demo.people import invented_name
from netapp.directory.fields import TERM_KINDS, ProfileField, Visibility, starting_choices
from netapp.directory.models import Profile, ProfileTerm
from netapp.directory.queries.catalogue import SCOPE
from netapp.kernel import clock
from netapp.kernel.revisions import raise_revision
from netapp.kernel.tokens import new_key
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.operations.kinds import CORE, load_kinds
from netapp.people.models import Person
from netapp.vocabulary.models import Term
from netapp.vocabulary.operations import load_terms

ROLES = ("Music leader", "Harp teacher", "SEND lead", "Head of inclusion", "Tutor and songwriter")
TERMS_OF_ONE = 12
WORDS = (
    "I work with young people in pupil referral units, on hospital wards and in the youth clubs of"
    " three boroughs. Ask me about songwriting, drums and what to do when nothing works."
)


def add_profiles(site: Site, number: int) -> None:
    """So many members who are in the directory for members, each with twelve terms."""
    now, chance = clock.utcnow(), Random(7)
    with database_of(site) as session:
        load_terms(session, now=now)
        load_kinds(session)
        ids = list(reserve_ids(session, Person, number))
        account = {"created_at": now, "email_confirmed_at": now, "registered_at": now}
        insert_rows(
            session,
            Person,
            (
                {
                    "id": each,
                    "key": new_key(),
                    "email": f"listed-{each}@bench.example",
                    "name": invented_name(n),
                    "is_demo": True,
                    **account,
                }
                for n, each in enumerate(ids)
            ),
        )
        core = session.scalars(select(MembershipKind.id).where(MembershipKind.slug == CORE)).one()
        held = {"kind_id": core, "starts_on": now.date(), "granted_at": now}
        insert_rows(
            session, Membership, ({"key": new_key(), "person_id": each, **held} for each in ids)
        )
        _add(session, ids, chance)
        raise_revision(session, SCOPE, now)


def _add(session: Session, people: list[int], chance: Random) -> None:
    now = clock.utcnow()
    choices = starting_choices(is_young=False) | {ProfileField.ENTRY: Visibility.MEMBERS}
    seen = {f"see_{field.value}": choice for field, choice in choices.items()}
    profiles = list(reserve_ids(session, Profile, len(people)))
    insert_rows(
        session,
        Profile,
        (
            {
                "id": profile,
                "key": new_key(10),
                "person_id": person,
                "role": chance.choice(ROLES),
                "about": WORDS,
                "answered_at": now,
                "changed_at": now,
                **seen,
            }
            for profile, person in zip(profiles, people, strict=True)
        ),
    )
    wanted = select(Term.id).where(Term.kind.in_(TERM_KINDS.values())).order_by(Term.id)
    terms = session.scalars(wanted).all()

    def tagged() -> Iterator[dict[str, Any]]:
        for profile in profiles:
            for term in chance.sample(list(terms), TERMS_OF_ONE):
                yield {"profile_id": profile, "term_id": term}

    insert_rows(session, ProfileTerm, tagged())
