"""One's own profile: what is in it, what may be chosen for each part, and why not more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from netapp.directory.fields import (
    FIELD_WORDS,
    TERM_KINDS,
    Audience,
    ProfileField,
    Visibility,
    starting_choices,
)
from netapp.directory.models import FieldLock, FieldRule, Profile
from netapp.directory.policies import most_visible, narrower
from netapp.directory.queries.seen import slug_of, workplaces_of
from netapp.directory.queries.standing import belonging
from netapp.kernel.db import DbSession
from netapp.people.models import Person
from netapp.vocabulary.models import Term
from netapp.vocabulary.queries import terms_by_kind


@dataclass(frozen=True, slots=True)
class Own:
    """``profile`` is None until something was saved; the rest holds all the same."""

    profile: Profile | None
    choices: Mapping[ProfileField, Visibility]
    most: Mapping[ProfileField, Visibility]
    reasons: Mapping[ProfileField, str]  # Why a coordinator allows less.
    lists: Mapping[ProfileField, Sequence[Term]]
    terms: frozenset[str]  # The slugs that are chosen.
    organisations: tuple[str, ...]
    slug: str  # Empty without a profile.
    is_member: bool
    is_young: bool

    def options(self, field: ProfileField) -> list[Visibility]:
        return [each for each in Visibility if each.reach <= self.most[field].reach]

    def seen_by(self, field: ProfileField) -> Visibility:
        """Who sees this part now; nothing is seen by more people than the entry."""
        chosen = narrower(self.choices[field], self.most[field])
        return chosen if field is ProfileField.ENTRY else narrower(chosen, self.entry)

    @property
    def entry(self) -> Visibility:
        """Who finds the entry now."""
        return self.seen_by(ProfileField.ENTRY) if self.is_member else Visibility.NOBODY

    def is_on_for(self, audience: Audience) -> bool:
        """Whether this audience finds the entry now."""
        return self.entry.reach >= audience.needs.reach


def own_profile(session: DbSession, person: Person, *, at: datetime) -> Own:
    """What the page of one's own profile is made from."""
    profile = session.scalar(
        select(Profile)
        .where(Profile.person_id == person.id)
        .options(selectinload(Profile.terms))
        .execution_options(populate_existing=True)
    )
    standing = belonging(session, at=at, only=[person.id])
    is_young = standing.get(person.id, False)
    rules = {rule.field: rule for rule in session.scalars(select(FieldRule))}
    locks = session.scalars(select(FieldLock).where(FieldLock.person_id == person.id))
    locked = {lock.field: lock.reason for lock in locks}
    most = {
        field: most_visible(
            field,
            rules={name: rule.most for name, rule in rules.items()},
            locked=locked.keys(),
            is_young=is_young,
        )
        for field in ProfileField
    }
    by_kind = terms_by_kind(session)
    places = workplaces_of(session, [person.id], at=at).get(person.id)
    said = profile is not None and profile.answered_at is not None  # Else it came with a file.
    return Own(
        profile=profile,
        choices=profile.choices() if profile else starting_choices(is_young=is_young),
        most=most,
        reasons={name: rule.reason for name, rule in rules.items()} | locked,
        lists={field: by_kind.get(kind, []) for field, kind in TERM_KINDS.items()},
        terms=frozenset(t.slug for t in profile.terms) if profile and said else _at_first(person),
        organisations=tuple(places or filter(None, [person.organisation])),
        slug=slug_of(person.name, profile.key) if profile else "",
        is_member=person.id in standing,
        is_young=is_young,
    )


def _at_first(person: Person) -> frozenset[str]:
    """Where they work is ticked, for them to see before it is saved."""
    return frozenset({person.area} if person.area else ())


def was_asked(session: DbSession, person_id: int) -> bool:
    """Whether they have said if they want to be in the directory."""
    answered = select(Profile.answered_at).where(Profile.person_id == person_id)
    return session.scalar(answered) is not None


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A part of one's own profile that says something, and who sees it now."""

    title: str  # As the page of the profile says it: "What you do".
    words: str
    seen_by: Visibility


def filled_parts(own: Own) -> list[OwnPart]:
    """In the order of the profile; the entry itself is none."""
    if own.profile is None:
        return []
    parts = []
    for field in ProfileField:
        words = _words_of(own, own.profile, field)
        if words:
            title = FIELD_WORDS[field]
            parts.append(OwnPart(f"{title[0].upper()}{title[1:]}", words, own.seen_by(field)))
    return parts


def _words_of(own: Own, profile: Profile, field: ProfileField) -> str:
    if field is ProfileField.ENTRY:
        return ""
    if field is ProfileField.ORGANISATIONS:
        return ", ".join(own.organisations)
    if field in TERM_KINDS:
        return ", ".join(term.label for term in own.lists[field] if term.slug in own.terms)
    return str(getattr(profile, field.value))
