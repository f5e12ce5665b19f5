"""Somebody has another email address: their account, their bookings, and who is told."""

from datetime import datetime

from netapp.audit.operations import Actor
from netapp.events.operations import addresses as bookings
from netapp.kernel.db import DbSession
from netapp.people.errors import LinkEnded
from netapp.people.operations import desk, own_address


def change_address(
    session: DbSession,
    *,
    key: str,
    version: int,
    email: str,
    reason: str,
    actor: Actor,
    now: datetime,
    can_be_undone: bool = True,
    confirmed_at: datetime | None = None,
) -> None:
    """A coordinator changes the address of a person, and says why.

    Both addresses are told. What was mailed to the old one opens nothing any more; the new one
    gets the links of the bookings to come. Raises ``NotFound``, ``StaleEdit``, ``SameAddress``,
    ``AddressTaken`` and ``NotAnAddress``.
    """
    held = bookings.hold_bookings(session, key)  # Events first, then people: as everywhere.
    desk.change_address(
        session,
        key=key,
        version=version,
        email=email,
        reason=reason,
        actor=actor,
        now=now,
        can_be_undone=can_be_undone,
        confirmed_at=confirmed_at,
    )
    bookings.follow_person(session, held, now)


def confirm_own_address(session: DbSession, token: str, *, now: datetime) -> None:
    """Somebody confirms their own new address by the link in its mail; their bookings follow.

    Raises ``LinkEnded``, ``AddressTaken``.
    """
    found = own_address.open_change(session, token, now=now)
    if found is None:
        raise LinkEnded
    held = bookings.hold_bookings(session, found.person_key)
    own_address.confirm(session, token, now=now)
    bookings.follow_person(session, held, now)


def undo_own_address(session: DbSession, token: str, *, now: datetime) -> None:
    """Take it back by the link in the mail to the old address. Raises as above."""
    found = own_address.open_undo(session, token, now=now)
    if found is None:
        raise LinkEnded
    held = bookings.hold_bookings(session, found.person_key)
    own_address.undo(session, token, now=now)
    bookings.follow_person(session, held, now)
