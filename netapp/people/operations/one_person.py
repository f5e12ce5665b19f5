"""Two people who turn out to be one: their rows, addresses and accounts."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, cast

from sqlalchemy import Table, select

from netapp.kernel.changes import Journal
from netapp.kernel.crypto import seal, unseal
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.kernel.one_person import When
from netapp.kernel.site import site_of
from netapp.people import letters
from netapp.people.access import bound_to
from netapp.people.errors import AccountMustStay, ClosedForGood, MergedAlready, SamePerson
from netapp.people.models import AccessProfile, Person
from netapp.people.operations import own_address, sign_ins
from netapp.people.operations.codes import end_codes
from netapp.people.operations.guards import hold_coordinators, hold_person
from netapp.people.operations.links import RESET, WELCOME_PURPOSES, end_links

PEOPLE = cast(Table, Person.__table__)
PROFILES = cast(Table, AccessProfile.__table__)

FIELDS: Final = ("name", "organisation")
"""What can be taken from the one who goes, beside the address. Where somebody works is shown to
nobody, so nobody chooses: what the one who stays has said holds, else what the other has."""

EMAIL: Final = "email"
PASSING_HOST: Final = "merging.invalid"  # RFC 2606 section 2; for the middle of a swap alone.


def hold_two(session: DbSession, one: int, other: int) -> tuple[Person, Person]:
    """Both as the database has them now, in the order asked for; locked in that of their ids."""
    hold_coordinators(session)
    held = {each: hold_person(session, each) for each in sorted({one, other})}
    first, second = held[one], held[other]
    if first is None or second is None:
        raise NotFound
    return first, second


def check(gone: Person, kept: Person, *, versions: tuple[int, int]) -> None:
    """Whether they can be merged, as whoever decided saw them: ``versions`` of who goes and who
    stays. Raises ``SamePerson``, ``MergedAlready``, ``ClosedForGood``, ``AccountMustStay``,
    ``StaleEdit``."""
    if gone.id == kept.id:
        raise SamePerson
    if gone.merged_into_id is not None or kept.merged_into_id is not None:
        raise MergedAlready
    if gone.is_gone or kept.is_gone:
        raise ClosedForGood
    if gone.registered_at is not None and kept.registered_at is None:
        raise AccountMustStay
    if (gone.version, kept.version) != versions:
        raise StaleEdit


def become_one(
    journal: Journal, *, gone: Person, kept: Person, take: Collection[str], when: When
) -> None:
    """``gone`` leads to ``kept`` from now on, and nobody signs in with it. ``take``: names of
    ``FIELDS``, and ``EMAIL``, that are those of ``gone`` afterwards. Both are held, and checked."""
    session = journal.session
    _sign_out(session, gone, kept, when, swaps="email" in take)
    was = {name: getattr(gone, name) for name in (*FIELDS, EMAIL, "email_confirmed_at")}
    stays = {name: getattr(kept, name) for name in (EMAIL, "email_confirmed_at")}
    one, other = {"id": gone.id}, {"id": kept.id}
    numbers = {"version": kept.version + 1, "area": kept.area or gone.area}
    since = min(gone.created_at, kept.created_at)
    lead = {"disabled_at": gone.disabled_at or when.now, "version": gone.version + 1}
    kept_id = kept.id
    journal.set(PEOPLE, one, "merged_into_id", kept_id, **lead)
    journal.set(PEOPLE, other, "created_at", since, **numbers)
    for name in FIELDS:
        if name in take:
            journal.set(PEOPLE, other, name, was[name])
    if EMAIL in take:  # An address is there once: it goes by way of one that nobody has.
        journal.set(PEOPLE, one, EMAIL, f"{one['id']}@{PASSING_HOST}")
        confirmed = {"email_confirmed_at": was["email_confirmed_at"]}
        journal.set(PEOPLE, other, EMAIL, was[EMAIL], **confirmed)
        journal.set(
            PEOPLE, one, EMAIL, stays[EMAIL], email_confirmed_at=stays["email_confirmed_at"]
        )
    _follow_profiles(journal, one["id"], kept_id)
    session.flush()
    session.expire_all()


def _sign_out(session: DbSession, gone: Person, kept: Person, when: When, *, swaps: bool) -> None:
    """Who goes is signed out; nothing that was mailed about signing in works any more."""
    sign_ins.end_all(session, person_id=gone.id)
    for person in (gone, kept) if swaps else (gone,):
        end_codes(session, email=person.email, now=when.now)
        own_address.end_all(session, person_id=person.id, now=when.now)
        purposes = [RESET, *WELCOME_PURPOSES]
        end_links(session, person_id=person.id, purposes=purposes, now=when.now)


def _follow_profiles(journal: Journal, gone_id: int, kept_id: int) -> None:
    """What helps them take part, and what they eat: sealed for one person, so sealed anew. Where
    both keep it that of the one who stays is kept, and the other stays behind."""
    session, secret = journal.session, site_of(journal.session).secret
    mine = select(AccessProfile.kind).where(AccessProfile.person_id == kept_id)
    there = set(session.scalars(mine))
    theirs = select(AccessProfile).where(AccessProfile.person_id == gone_id)
    for row in session.scalars(theirs).all():
        if row.kind in there:
            continue
        plain = unseal(secret, row.sealed, bound_to=bound_to(row))
        afterwards = AccessProfile(key=row.key, person_id=kept_id)
        sealed = seal(secret, plain, bound_to=bound_to(afterwards))
        journal.set(PROFILES, {"id": row.id}, "person_id", kept_id, sealed=sealed)


def tell_merged(
    session: DbSession, *, person: Person, former: str, undo_until: str, now: datetime
) -> None:
    """Both addresses, the one they have and the ``former``, are told in plain words."""
    letters.merged(session, person=person, former=former, undo_until=undo_until, now=now)


def tell_parted(session: DbSession, *, person: Person, now: datetime) -> None:
    letters.parted(session, person=person, now=now)
