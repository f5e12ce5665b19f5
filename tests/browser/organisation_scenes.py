"""An organisation of whose every part there is as much as there may be."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.organisations.models import Affiliation, LegalForm, NameKind, OrganisationArea
from netapp.people.models import Person
from netapp.vocabulary.models import Term, TermKind
from tests.factories import NOW, make_organisation, make_person
from tests.membership.seat_scenes import (
    contact,
    link_of,
    make_member_organisation,
    seat,
    works_for,
)
from tests.organisations.scenes import add_name

LONG_WORD = "Musikschulunterrichtsstundenplanänderungsbenachrichtigung"
LONG_NAME = f"{LONG_WORD} and other words that no line can hold {LONG_WORD}"[:160]


@dataclass(frozen=True, slots=True)
class Registered:
    """``affiliation`` is that of its contact; ``link`` the path of the link to take a seat."""

    key: str
    slug: str
    other_key: str
    affiliation: str
    link: str


def make_long_organisation(session: Session, person: Person) -> Registered:
    kind = Term(slug="type", label=LONG_WORD, kind=TermKind.ORGANISATION_TYPE, position=900)
    areas = [
        Term(slug=f"la-{n}", label=f"{LONG_WORD} {n}", kind=TermKind.LOCAL_AUTHORITY, position=n)
        for n in range(901, 904)
    ]
    session.add_all([kind, *areas])
    session.commit()
    one = make_member_organisation(session, "Long Words")
    one.name, one.website = LONG_NAME, f"https://{LONG_WORD.lower()}.example.org/{LONG_WORD * 2}"
    one.type_id, one.legal_form = kind.id, LegalForm.CIO
    session.add_all(OrganisationArea(organisation_id=one.id, term_id=area.id) for area in areas)
    one.description, one.source = LONG_NAME * 3, LONG_NAME
    one.confirmed_on, one.confirmed_by_id = NOW.date(), person.id
    session.commit()
    for number, each in enumerate(NameKind):
        add_name(session, one, f"{LONG_WORD} {number}", each)
    contact(session, one, person)
    affiliation = session.scalars(
        select(Affiliation).where(Affiliation.organisation_id == one.id)
    ).one()
    affiliation.role = LONG_NAME[:120]
    session.commit()
    seat(session, one, person)
    for _ in range(2):
        other = make_person(session, name=LONG_NAME[:120])
        works_for(session, one, other)
        seat(session, one, other)
    into = make_organisation(session, name="Merton Music")
    return Registered(one.key, one.slug, into.key, affiliation.key, link_of(session, one))
