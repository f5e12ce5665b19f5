"""Members with profiles, made the short way."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.directory.fields import ProfileField, Visibility, starting_choices
from netapp.directory.models import Profile, ProfileTerm
from netapp.directory.operations.profile import KEY_LENGTH
from netapp.directory.queries.catalogue import SCOPE
from netapp.directory.queries.seen import slug_of
from netapp.kernel.revisions import raise_revision
from netapp.kernel.tokens import new_key
from netapp.people.models import Person
from netapp.vocabulary.models import Term
from netapp.vocabulary.operations import load_terms
from tests.factories import NOW, make_member

WHERE = ProfileField.ORGANISATIONS, ProfileField.AREAS
NOBODY, MEMBERS, EVERYONE = Visibility.NOBODY, Visibility.MEMBERS, Visibility.EVERYONE


def make_profile(
    session: Session,
    person: Person,
    *,
    terms: tuple[str, ...] = (),
    see: dict[ProfileField, Visibility] | None = None,
    **overrides: Any,
) -> Profile:
    """In the directory for members; ``see`` says who sees which part."""
    chosen = {ProfileField.ENTRY: MEMBERS, **dict.fromkeys(WHERE, MEMBERS)}
    choices = starting_choices(is_young=False) | chosen | (see or {})
    values: dict[str, Any] = {
        "key": new_key(KEY_LENGTH),
        "person_id": person.id,
        "answered_at": NOW,
        "changed_at": NOW,
        **{f"see_{field.value}": choice for field, choice in choices.items()},
    }
    profile = Profile(**(values | overrides))
    session.add(profile)
    session.flush()
    if terms:
        load_terms(session, now=NOW)
        ids = session.scalars(select(Term.id).where(Term.slug.in_(terms))).all()
        assert len(ids) == len(terms), terms
        session.add_all(ProfileTerm(profile_id=profile.id, term_id=each) for each in ids)
    raise_revision(session, SCOPE, NOW)
    session.commit()
    return profile


def make_listed(session: Session, name: str, **options: Any) -> Person:
    """A member whom members find."""
    person = make_member(session, name=name)
    make_profile(session, person, **options)
    return person


def path_of(session: Session, person: Person) -> str:
    key = session.scalars(select(Profile.key).where(Profile.person_id == person.id)).one()
    return f"/directory/{slug_of(person.name, key)}"
