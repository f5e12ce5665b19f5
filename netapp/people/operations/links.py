"""Links in mail that do one thing once: the database keeps a hash and the moment of use."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update

from netapp.kernel.db import DbSession
from netapp.kernel.tokens import hash_token, new_token
from netapp.people.errors import LinkEnded
from netapp.people.models import OneTimeLink, Person
from netapp.people.operations.guards import hold_person

RESET = "reset"
INVITATION = "invitation"  # From a coordinator or the command line.
ACCOUNT = "account"  # A guest asked to make an account of a booking.
NOBODY = 0  # The id of no person.
WELCOME_PURPOSES = (INVITATION, ACCOUNT)
LIVES = {
    RESET: timedelta(minutes=60),
    INVITATION: timedelta(days=14),
    ACCOUNT: timedelta(days=14),
}


def make_link(session: DbSession, *, person: Person, purpose: str, now: datetime) -> str:
    """A new link for this person and purpose; the token that goes into its address.

    It ends the earlier one for the same purpose.
    """
    hold_person(session, person.id)
    end_links(session, person_id=person.id, purposes=[purpose], now=now)
    token = new_token()
    session.add(
        OneTimeLink(
            token_hash=hash_token(token),
            person_id=person.id,
            purpose=purpose,
            email=person.email,
            created_at=now,
            ends_at=now + LIVES[purpose],
        )
    )
    session.flush()
    return token


def rehearse_link(session: DbSession, *, purpose: str, now: datetime) -> str:
    """The same steps for nobody, so that it takes as long: a token that opens nothing."""
    hold_person(session, NOBODY)
    for _ in ("as for the earlier link", "as for the new one"):
        end_links(session, person_id=NOBODY, purposes=[purpose], now=now)
    return new_token()


def use_link(session: DbSession, token: str, *, purposes: Sequence[str], now: datetime) -> Person:
    """Use the link up and return whose it is: one atomic step, so that one of two requests wins.

    Raises ``LinkEnded`` where it was used, is too old, was replaced by a newer one, or was sent
    to an address that is no longer this person's.
    """
    used = session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == hash_token(token),
            OneTimeLink.purpose.in_(purposes),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.ends_at > now,
        )
        .values(used_at=now)
        .returning(OneTimeLink.person_id, OneTimeLink.email)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    person = hold_person(session, used.person_id) if used else None
    if used is None or person is None or person.email != used.email or person.disabled_at:
        raise LinkEnded
    return person


def end_links(
    session: DbSession, *, person_id: int, purposes: Sequence[str], now: datetime
) -> None:
    """Whatever was sent for these purposes stops working."""
    session.execute(
        update(OneTimeLink)
        .where(
            OneTimeLink.person_id == person_id,
            OneTimeLink.purpose.in_(purposes),
            OneTimeLink.used_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
