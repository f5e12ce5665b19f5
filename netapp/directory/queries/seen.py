"""Profiles as one audience sees them: whatever shows a profile is made here.

A part that is hidden from the audience is not read into what is handed out, so that no page,
search, count or order can tell of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, selectinload

from netapp.directory.fields import (
    FIELD_OF_KIND,
    TITLES,
    Audience,
    ProfileField,
    Visibility,
)
from netapp.directory.models import FieldLock, FieldRule, Profile
from netapp.directory.policies import seen_fields
from netapp.directory.queries.standing import belonging, has_account, works_now
from netapp.kernel.db import DbSession
from netapp.kernel.slugs import slugify
from netapp.organisations.models import Affiliation, Organisation
from netapp.people.models import Person

GROUP_ORDER: Final = (
    *(ProfileField.NEEDS, ProfileField.SETTINGS, ProfileField.GENRES, ProfileField.APPROACHES),
    *(ProfileField.SKILLS, ProfileField.LANGUAGES, ProfileField.AREAS),
)

Workplaces = Mapping[int, Sequence[str]]
"""Where people work, in words, by the id of the person."""


@dataclass(frozen=True, slots=True)
class TermGroup:
    """What somebody says of their work in one of the lists."""

    field: str
    title: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One person as one audience sees them: what is hidden is empty here."""

    profile_id: int
    person_id: int
    slug: str
    name: str
    role: str
    pronouns: str
    about: str
    website: str
    phone: str
    organisations: tuple[str, ...]
    groups: tuple[TermGroup, ...]
    takes_messages: bool

    @property
    def path(self) -> str:
        return f"/directory/{self.slug}"

    def labels(self, field: str) -> tuple[str, ...]:
        """Of one list, by the name of its part: ``needs``, ``areas`` …"""
        return next((group.labels for group in self.groups if group.field == field), ())


def slug_of(name: str, key: str) -> str:
    """The end of it finds the entry, so a new name takes nobody's links away."""
    return f"{slugify(name, fallback='member')}-{key}"


def entry_at(session: DbSession, slug: str, *, audience: Audience, at: datetime) -> Entry | None:
    """The entry at an address, as far as this audience may see it; None where it may not, or where
    there is none: both are the same to whoever asks. The address of somebody who turned out to be
    another leads to that one."""
    key = slug.rpartition("-")[2]
    merged = (
        select(Person.merged_into_id)
        .join(Profile, Profile.person_id == Person.id)
        .where(Profile.key == key, Person.merged_into_id.is_not(None))
    )
    theirs = or_(Profile.key == key, Profile.person_id.in_(merged))
    found = entries(session, theirs, audience=audience, at=at)
    return found[0] if found else None


def entries(
    session: DbSession, condition: object, *, audience: Audience, at: datetime
) -> list[Entry]:
    """The profiles of this condition that the audience may see, by name. The number of queries is
    the same for any number of profiles."""
    profiles = _loaded(session, condition, has_account(session))
    ids = [profile.person_id for profile in profiles]
    members = belonging(session, at=at, only=ids)
    rules, locks = rules_of(session), locks_of(session, ids)
    places = workplaces_of(session, ids, at=at)
    found = []
    for profile in profiles:
        if profile.person_id not in members:
            continue
        seen = seen_fields(
            profile.choices(),
            rules=rules,
            locked=locks.get(profile.person_id, frozenset()),
            is_young=members[profile.person_id],
            audience=audience,
        )
        if seen:
            found.append(_entry(profile, seen, places, audience))
    return found


def preview(
    session: DbSession, person_id: int, *, audience: Audience, at: datetime
) -> Entry | None:
    """One's own entry as others would see it if the entry were on for them, whoever may look now;
    None without a profile."""
    profiles = _loaded(session, Profile.person_id == person_id)
    if not profiles:
        return None
    profile, is_young = profiles[0], belonging(session, at=at, only=[person_id]).get(person_id)
    seen = seen_fields(
        profile.choices() | {ProfileField.ENTRY: Visibility.EVERYONE},
        rules={**rules_of(session), ProfileField.ENTRY: Visibility.EVERYONE},
        locked=locks_of(session, [person_id]).get(person_id, frozenset()) - {ProfileField.ENTRY},
        is_young=bool(is_young),
        audience=audience,
    )
    return _entry(profile, seen, workplaces_of(session, [person_id], at=at), audience)


def _loaded(session: DbSession, *conditions: object) -> Sequence[Profile]:
    return session.scalars(
        select(Profile)
        .join(Profile.person)
        .where(*conditions)  # type: ignore[arg-type]
        .options(contains_eager(Profile.person), selectinload(Profile.terms))
        .order_by(Person.name, Person.id)
        .execution_options(populate_existing=True)
    ).all()


def rules_of(session: DbSession) -> dict[ProfileField, Visibility]:
    rows = session.execute(select(FieldRule.field, FieldRule.most))
    return {row.field: row.most for row in rows}


def locks_of(
    session: DbSession, people: Sequence[int] | None = None
) -> dict[int, frozenset[ProfileField]]:
    """The locked parts by person; of everybody where no people are named."""
    wanted = select(FieldLock.person_id, FieldLock.field)
    if people is not None:
        wanted = wanted.where(FieldLock.person_id.in_(people))
    found: dict[int, frozenset[ProfileField]] = {}
    for person_id, field in session.execute(wanted):
        found[person_id] = found.get(person_id, frozenset()) | {field}
    return found


def workplaces_of(
    session: DbSession, people: Sequence[int] | None = None, *, at: datetime
) -> dict[int, list[str]]:
    """The listed organisations that people work for today, with what they do there."""
    wanted = (
        select(Affiliation.person_id, Organisation.name, Affiliation.role)
        .join(Organisation, Organisation.id == Affiliation.organisation_id)
        .where(works_now(session, at))
        .order_by(Organisation.name, Affiliation.id)
    )
    if people is not None:
        wanted = wanted.where(Affiliation.person_id.in_(people))
    found: dict[int, list[str]] = {}
    for person_id, name, role in session.execute(wanted):
        found.setdefault(person_id, []).append(f"{name} ({role})" if role else name)
    return found


def _entry(
    profile: Profile, seen: frozenset[ProfileField], places: Workplaces, audience: Audience
) -> Entry:
    def text(field: ProfileField) -> str:
        return str(getattr(profile, field.value)) if field in seen else ""

    person = profile.person
    works = tuple(places.get(person.id, ())) or tuple(filter(None, [person.organisation]))
    labels: dict[ProfileField, list[str]] = {}
    for term in profile.terms:
        field = FIELD_OF_KIND.get(term.kind)
        if field in seen:
            labels.setdefault(field, []).append(term.label)
    return Entry(
        profile_id=profile.id,
        person_id=person.id,
        slug=slug_of(person.name, profile.key),
        name=person.name,
        role=text(ProfileField.ROLE),
        pronouns=text(ProfileField.PRONOUNS),
        about=text(ProfileField.ABOUT),
        website=text(ProfileField.WEBSITE),
        phone=text(ProfileField.PHONE),
        organisations=works if ProfileField.ORGANISATIONS in seen else (),
        groups=tuple(
            TermGroup(field.value, TITLES[field], tuple(labels[field]))
            for field in GROUP_ORDER
            if field in labels
        ),
        takes_messages=profile.takes_messages and audience is not Audience.PUBLIC,
    )
