"""People write their profile and say who sees it."""

from datetime import datetime

from sqlalchemy import delete, select

from netapp.directory.errors import NotOffered
from netapp.directory.fields import TERM_KINDS, starting_choices
from netapp.directory.models import Profile, ProfileTerm
from netapp.directory.plans import ProfilePlan
from netapp.directory.queries.catalogue import SCOPE
from netapp.directory.queries.own import own_profile
from netapp.directory.queries.standing import belonging
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.revisions import raise_revision
from netapp.kernel.tokens import new_key
from netapp.people.operations.guards import hold_person
from netapp.vocabulary.models import Term

KEY_LENGTH = 10


def save(
    session: DbSession, *, person_id: int, version: int, plan: ProfilePlan, now: datetime
) -> Profile:
    """Keep what somebody says of themselves; ``version`` 0 stands for no profile yet.

    Raises ``NotFound``, ``StaleEdit`` where it was changed meanwhile, and ``NotOffered`` for a
    choice that is locked.
    """
    person = hold_person(session, person_id)
    if person is None:
        raise NotFound
    own = own_profile(session, person, at=now)
    if version != (own.profile.version if own.profile else 0):
        raise StaleEdit
    for field, choice in plan.choices.items():
        if choice not in own.options(field):
            raise NotOffered
    profile = own.profile or _new(session, person_id, is_young=own.is_young, now=now)
    for name in ("role", "pronouns", "about", "website", "phone", "takes_messages"):
        setattr(profile, name, getattr(plan, name))
    for field, choice in plan.choices.items():
        setattr(profile, f"see_{field.value}", choice)
    profile.answered_at = profile.answered_at or now
    profile.changed_at = now
    profile.version = version + 1
    session.flush()
    _set_terms(session, profile, plan.terms)
    raise_revision(session, SCOPE, now)
    return profile


def say_not_now(session: DbSession, *, person_id: int, now: datetime) -> None:
    """They were asked whether they want to be in the directory, and do not. Nothing changes for
    who has answered before."""
    if hold_person(session, person_id) is None:
        raise NotFound
    profile = session.scalar(select(Profile).where(Profile.person_id == person_id))
    if profile is None:
        is_young = belonging(session, at=now, only=[person_id]).get(person_id, False)
        profile = _new(session, person_id, is_young=is_young, now=now)
    profile.answered_at = profile.answered_at or now
    session.flush()


def _new(session: DbSession, person_id: int, *, is_young: bool, now: datetime) -> Profile:
    starting = starting_choices(is_young=is_young)
    profile = Profile(
        key=new_key(KEY_LENGTH),
        person_id=person_id,
        takes_messages=not is_young,
        changed_at=now,
        version=1,
        **{f"see_{field.value}": choice for field, choice in starting.items()},
    )
    session.add(profile)
    session.flush()
    return profile


def _set_terms(session: DbSession, profile: Profile, slugs: frozenset[str]) -> None:
    """Slugs that are in none of the lists of a profile are passed over."""
    wanted = select(Term.id).where(Term.slug.in_(slugs), Term.kind.in_(TERM_KINDS.values()))
    ids = set(session.scalars(wanted))
    theirs = ProfileTerm.profile_id == profile.id
    had = set(session.scalars(select(ProfileTerm.term_id).where(theirs)))
    if gone := had - ids:
        session.execute(delete(ProfileTerm).where(theirs, ProfileTerm.term_id.in_(gone)))
    session.add_all(ProfileTerm(profile_id=profile.id, term_id=each) for each in sorted(ids - had))
    session.flush()
