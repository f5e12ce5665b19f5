"""Signed-in browsers: begin, list, end; and how often a password may be tried."""

from datetime import datetime, timedelta

from sqlalchemy import delete, update

from netapp.kernel import limits
from netapp.kernel.db import DbSession
from netapp.kernel.errors import NotFound
from netapp.kernel.limits import Limit
from netapp.kernel.tokens import hash_token, new_key, new_token
from netapp.people import passwords
from netapp.people.errors import WrongPassword
from netapp.people.models import Person, SecondStep, SignIn
from netapp.people.operations.guards import hold_person
from netapp.people.queries import LONGEST_SIGN_IN, find_account

WINDOW = timedelta(minutes=15)
WRONG_FOR_ACCOUNT = Limit("wrong password for account", 10, WINDOW, until_quiet=True)
WRONG_FROM_CLIENT = Limit("wrong password from client", 60, WINDOW, until_quiet=True)


def count_password_try(session: DbSession, *, email: str, client: str, now: datetime) -> bool:
    """Whether a password may be looked at. Counts the try; commit it by itself, before looking.

    ``email`` is canonical and counts whether or not there is such an account. ``client`` is the
    network address that asks.
    """
    return limits.count_and_check(
        session, WRONG_FROM_CLIENT, client, now
    ) and limits.count_and_check(session, WRONG_FOR_ACCOUNT, email, now)


def check_password(session: DbSession, *, email: str, password: str) -> Person:
    """The person who has this address and password. Writes nothing; takes as long for an address
    nobody has. Raises ``WrongPassword``."""
    person = find_account(session, email)
    if not passwords.is_right(person.password_hash if person else None, password):
        raise WrongPassword
    assert person is not None
    return person


def password_was_right(
    session: DbSession,
    *,
    person_id: int,
    checked_hash: str,
    password: str,
    client: str,
) -> None:
    """After ``check_password``: the try is not counted, and an old hash is made anew.

    Raises ``WrongPassword`` where the password was changed since it was checked.
    """
    renewed = passwords.hashed(password) if passwords.is_outdated(checked_hash) else None
    person = hold_person(session, person_id)
    if person is None or person.disabled_at or person.password_hash != checked_hash:
        raise WrongPassword
    if renewed:
        person.password_hash = renewed
    for limit, subject in ((WRONG_FOR_ACCOUNT, person.email), (WRONG_FROM_CLIENT, client)):
        limits.give_back(session, limit, subject)


def begin(
    session: DbSession,
    *,
    person_id: int,
    device: str,
    replaces: str | None,
    now: datetime,
    is_strong: bool = False,
) -> str:
    """A new signed-in browser; the token for its cookie, of which only the hash is kept.

    ``replaces`` is the token the browser had until now, if any: it ends. ``is_strong``: with a
    second factor; whoever has one is a stranger without (second_step.enter asks for it).
    """
    if replaces:
        end(session, token=replaces)
    token = new_token()
    session.add(
        SignIn(
            token_hash=hash_token(token),
            key=new_key(),
            person_id=person_id,
            device=device[:80],
            created_at=now,
            last_used_at=now,
            ends_at=now + LONGEST_SIGN_IN,
            proved_at=now,
            is_strong=is_strong,
        )
    )
    session.flush()
    return token


def end(session: DbSession, *, token: str) -> None:
    """Sign this browser out. Harmless when it is signed out already."""
    session.execute(delete(SignIn).where(SignIn.token_hash == hash_token(token)))


def end_one(session: DbSession, *, person_id: int, key: str) -> None:
    """Sign one of this person's browsers out. Raises ``NotFound`` for anybody else's."""
    mine = SignIn.person_id == person_id, SignIn.key == key
    if session.scalar(delete(SignIn).where(*mine).returning(SignIn.id)) is None:
        raise NotFound


def end_others(session: DbSession, *, person_id: int, keep: str) -> None:
    """Sign out everywhere but in the browser with this key."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id, SignIn.key != keep))


def end_all(session: DbSession, *, person_id: int) -> None:
    """Sign out everywhere, and end what was half way in."""
    session.execute(delete(SignIn).where(SignIn.person_id == person_id))
    session.execute(delete(SecondStep).where(SecondStep.person_id == person_id))


def end_all_but(session: DbSession, *, person_id: int, keep_id: int) -> None:
    """As ``end_all``, but for the sign-in with this id."""
    theirs = SignIn.person_id == person_id, SignIn.id != keep_id
    session.execute(delete(SignIn).where(*theirs))
    session.execute(delete(SecondStep).where(SecondStep.person_id == person_id))


def renew(session: DbSession, *, sign_in_id: int, now: datetime, is_strong: bool = False) -> str:
    """They have shown again that it is them: a new token for the same sign-in.

    ``is_strong``: with a second factor; a sign-in never loses that. Raises ``NotFound`` where it
    has been ended meanwhile.
    """
    token = new_token()
    stronger = {"is_strong": True} if is_strong else {}
    renewed = session.scalar(
        update(SignIn)
        .where(SignIn.id == sign_in_id)
        .values(token_hash=hash_token(token), proved_at=now, **stronger)
        .returning(SignIn.id)
        .execution_options(synchronize_session=False)
    )
    if renewed is None:
        raise NotFound
    return token
