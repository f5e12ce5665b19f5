"""Organisations, and the areas they serve, for tests."""

from sqlalchemy.orm import Session

from netapp.organisations.models import NameKind, Organisation, OrganisationName
from netapp.vocabulary.models import Term
from netapp.vocabulary.operations import load_terms
from netapp.vocabulary.queries import find_term, find_terms
from tests.factories import NOW, make_organisation


def make_register(session: Session) -> dict[str, Organisation]:
    """Three organisations with areas, of which one was called something else."""
    load_terms(session, now=NOW)
    bury = _make(session, "Bury Music", "music-service", "la-bury")
    poole = _make(session, "Soundstorm", "music-service", "la-bournemouth-christchurch-and-poole")
    merton = _make(session, "Merton Music Foundation", "music-education-hub", "la-merton")
    add_name(session, merton, "Merton Strings", NameKind.FORMER)
    return {"bury": bury, "poole": poole, "merton": merton}


def add_name(
    session: Session, organisation: Organisation, name: str, kind: NameKind = NameKind.ALIAS
) -> None:
    slug = name.lower().replace(" ", "-")
    session.add(OrganisationName(organisation_id=organisation.id, name=name, kind=kind, slug=slug))
    session.commit()


def term(session: Session, slug: str) -> Term:
    found = find_term(session, slug)
    assert found is not None
    return found


def _make(session: Session, name: str, kind: str, *areas: str) -> Organisation:
    return make_organisation(
        session,
        name=name,
        slug=name.lower().replace(" ", "-"),
        type_id=term(session, kind).id,
        areas=list(find_terms(session, areas)),
    )
