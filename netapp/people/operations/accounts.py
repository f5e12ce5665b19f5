"""An account from its beginning to its end: invitation, password, details, closing."""

from datetime import datetime, timedelta

from sqlalchemy import update

from netapp.kernel import limits
from netapp.kernel.db import DbSession
from netapp.kernel.errors import StaleEdit
from netapp.kernel.limits import Limit
from netapp.kernel.revisions import raise_revision
from netapp.kernel.site import site_of
from netapp.people import letters, passwords
from netapp.people.errors import (
    CurrentPasswordWrong,
    LinkEnded,
    SignInTooOld,
    TooManyMails,
    TooManyTries,
)
from netapp.people.models import Person
from netapp.people.operations import sign_ins
from netapp.people.operations.guards import hold_person
from netapp.people.operations.links import (
    ACCOUNT,
    LIVES,
    RESET,
    WELCOME_PURPOSES,
    end_links,
    make_link,
    rehearse_link,
    use_link,
)
from netapp.people.queries import SignedIn, find_account, leads_to, open_link

RESETS_TO_ADDRESS = Limit("reset mails to address", 5, timedelta(hours=1))
RESETS_FROM_CLIENT = Limit("reset mails asked for by client", 30, timedelta(hours=1))
ACCOUNT_LINKS = Limit("account mails to address", 5, timedelta(hours=1))


def count_reset(session: DbSession, *, email: str, client: str, now: datetime) -> bool:
    """Whether one more reset may be asked for. Counts it; commit that by itself."""
    return limits.count_and_check(
        session, RESETS_FROM_CLIENT, client, now
    ) and limits.count_and_check(session, RESETS_TO_ADDRESS, email, now)


def ask_for_reset(session: DbSession, *, email: str, device: str, now: datetime) -> None:
    """Mail a link to set a new password, where this canonical address has an account."""
    email = leads_to(session, email)
    person = find_account(session, email)
    token = (
        make_link(session, person=person, purpose=RESET, now=now)
        if person
        else rehearse_link(session, purpose=RESET, now=now)
    )
    letters.reset_link(
        session,
        name=person.name if person else "",
        email=email,
        token=token,
        life=LIVES[RESET],
        device=device,
        now=now,
        send=person is not None,
    )


def reset_password(session: DbSession, token: str, *, password: str, now: datetime) -> None:
    """Set a new password by a link from a mail; every sign-in ends.

    Raises ``PasswordRefused``, which leaves the link as it is, and ``LinkEnded``.
    """
    whose = open_link(session, token, purposes=[RESET], now=now)
    if whose is None:
        raise LinkEnded
    passwords.check(password, context=_context(session, whose.name, whose.email))
    password_hash = passwords.hashed(password)
    person = use_link(session, token, purposes=[RESET], now=now)
    _set_password(session, person, password_hash, now)
    _confirm(person, now)
    sign_ins.end_all(session, person_id=person.id)


def invite_to_account(session: DbSession, person: Person, now: datetime) -> None:
    """Mail a guest a link that makes an account of what they booked.

    Whoever has an account gets a mail that says so. Raises ``TooManyMails``.
    """
    if not limits.count_and_check(session, ACCOUNT_LINKS, person.email, now):
        raise TooManyMails
    if person.registered_at or person.disabled_at:
        letters.address_known(session, person=person, now=now, send=person.disabled_at is None)
        return
    token = make_link(session, person=person, purpose=ACCOUNT, now=now)
    letters.account_link(session, person=person, token=token, life=LIVES[ACCOUNT], now=now)


def accept_invitation(
    session: DbSession, token: str, *, name: str, password: str, now: datetime
) -> Person:
    """Open the account by a link from a mail; ``password`` may be empty, codes work without.

    Raises ``PasswordRefused``, which leaves the link as it is, and ``LinkEnded``.
    """
    whose = open_link(session, token, purposes=WELCOME_PURPOSES, now=now)
    if whose is None:
        raise LinkEnded
    password_hash = None
    if password:
        passwords.check(password, context=_context(session, name, whose.email))
        password_hash = passwords.hashed(password)
    person = use_link(session, token, purposes=WELCOME_PURPOSES, now=now)
    end_links(session, person_id=person.id, purposes=WELCOME_PURPOSES, now=now)
    if person.registered_at is None:
        person.registered_at = now
        person.name = name
        person.version += 1
        letters.welcome(session, person=person, now=now)
    if password_hash:
        _set_password(session, person, password_hash, now)
        sign_ins.end_all(session, person_id=person.id)
    _confirm(person, now)
    session.flush()
    return person


def count_current_password_try(session: DbSession, *, person: Person, now: datetime) -> None:
    """As at sign-in: after ten wrong ones none is looked at. Commit it by itself.

    Raises ``TooManyTries``.
    """
    if not limits.count_and_check(session, sign_ins.WRONG_FOR_ACCOUNT, person.email, now):
        raise TooManyTries


def change_password(
    session: DbSession, *, signed_in: SignedIn, current: str, password: str, now: datetime
) -> None:
    """Set another password from the account page; all sign-ins end, the caller begins a new one.

    Raises ``CurrentPasswordWrong``, ``PasswordRefused``, and ``SignInTooOld`` where there is no
    password to ask for and the last sign-in is longer ago than ten minutes.
    """
    seen = signed_in.person
    if seen.password_hash is None and not signed_in.is_fresh(now):
        raise SignInTooOld
    if seen.password_hash is not None and not passwords.is_right(seen.password_hash, current):
        raise CurrentPasswordWrong
    passwords.check(password, context=_context(session, seen.name, seen.email))
    password_hash = passwords.hashed(password)
    person = hold_person(session, seen.id)
    if person is None or person.password_hash != seen.password_hash:
        raise CurrentPasswordWrong
    limits.give_back(session, sign_ins.WRONG_FOR_ACCOUNT, person.email)
    _set_password(session, person, password_hash, now)
    sign_ins.end_all(session, person_id=person.id)
    end_links(session, person_id=person.id, purposes=[RESET], now=now)


def edit_details(
    session: DbSession,
    *,
    person_id: int,
    version: int,
    name: str,
    organisation: str,
    area: str = "",
    invitations: bool,
    now: datetime,
) -> None:
    """What people change about themselves; ``area`` is the slug of a term. Raises ``StaleEdit``
    where somebody was quicker."""
    changed = session.scalar(
        update(Person)
        .where(Person.id == person_id, Person.version == version)
        .values(
            name=name,
            organisation=organisation,
            area=area,
            invitations=invitations,
            version=Person.version + 1,
        )
        .returning(Person.id)
        .execution_options(synchronize_session="fetch")
    )
    if changed is None:
        raise StaleEdit
    raise_revision(session, "directory", now)


def check_new_password(session: DbSession, password: str, *, name: str, email: str) -> None:
    """Raises ``PasswordRefused``. For forms in which the password is one field of several."""
    passwords.check(password, context=_context(session, name, email))


def _set_password(session: DbSession, person: Person, password_hash: str, now: datetime) -> None:
    person.password_hash = password_hash
    person.password_set_at = now
    session.flush()
    letters.password_changed(session, person=person, now=now)


def _confirm(person: Person, now: datetime) -> None:
    """Whoever came by a link from a mail has shown that the address is theirs."""
    if person.email_confirmed_at is None:
        person.email_confirmed_at = now


def _context(session: DbSession, *words: str) -> list[str]:
    """What everybody can connect with the account."""
    site = site_of(session)
    return [site.name, site.short_name, site.uid_domain, *words]
