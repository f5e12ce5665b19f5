"""Six digits by email: to sign in, to make an account, or to join.

An address that somebody had before they were merged leads on: the mail goes to the one they have.

Whatever is asked for, a row is made and the same work is done, so that neither the answer nor the
time it takes tells whether the address is known; only the mail does.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

from netapp.kernel import limits, tokens
from netapp.kernel.db import DbSession
from netapp.kernel.limits import Limit
from netapp.kernel.site import site_of
from netapp.people import letters, passwords
from netapp.people.errors import CodeEnded, WrongCode
from netapp.people.models import Person, SignInCode
from netapp.people.operations.guards import hold_person
from netapp.people.operations.guests import find_or_add_guest
from netapp.people.queries import find_account, leads_to, pending_code

CODE_LIFE = timedelta(minutes=10)
CODE_TRIES = 5
SIGN_IN = "sign-in"
REGISTER = "register"
JOIN = "join"

MAILS_TO_ADDRESS = Limit("code mails to address", 5, timedelta(hours=1))
MAILS_FROM_CLIENT = Limit("code mails asked for by client", 30, timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody typed who wants an account; the password is checked, or empty."""

    name: str
    password: str = ""


def count_mail(session: DbSession, *, email: str, client: str, now: datetime) -> bool:
    """Whether one more mail may be asked for. Counts it; commit that by itself."""
    return limits.count_and_check(
        session, MAILS_FROM_CLIENT, client, now
    ) and limits.count_and_check(session, MAILS_TO_ADDRESS, email, now)


def ask_to_sign_in(
    session: DbSession,
    *,
    email: str,
    browser: str,
    device: str,
    again: bool = False,
    now: datetime,
) -> None:
    """Mail a code to whoever has an account with this canonical address.

    ``browser`` names the browser that asks (its hash): the code works there alone. ``device``
    says in words what it is, for the mail. ``again``: they are signed in, and show that it is
    them.
    """
    person = find_account(session, leads_to(session, email))
    code = _keep_code(
        session, email=email, browser=browser, purpose=SIGN_IN, works=person is not None, now=now
    )
    letters.code(
        session,
        name=person.name if person else "",
        email=person.email if person else email,
        code=code,
        life=CODE_LIFE,
        device=device,
        now=now,
        message="people/code_again" if again else "people/code",
        send=person is not None,
    )


def ask_to_register(
    session: DbSession, *, email: str, newcomer: Newcomer, browser: str, device: str, now: datetime
) -> None:
    """Mail a code that makes an account; where there is one already, a mail that says so."""
    password_hash = passwords.hashed(newcomer.password) if newcomer.password else None
    to = leads_to(session, email)
    known = session.scalar(
        select(Person).where(
            Person.email == to,
            or_(Person.registered_at.is_not(None), Person.disabled_at.is_not(None)),
        )
    )
    code = _keep_code(
        session,
        email=email,
        browser=browser,
        purpose=REGISTER,
        works=known is None,
        name=newcomer.name,
        password_hash=password_hash,
        now=now,
    )
    if known:
        letters.address_known(session, person=known, now=now, send=known.disabled_at is None)
    else:
        letters.code(
            session,
            name=newcomer.name,
            email=to,
            code=code,
            life=CODE_LIFE,
            device=device,
            now=now,
        )


def ask_to_join(
    session: DbSession, *, email: str, name: str, browser: str, device: str, now: datetime
) -> None:
    """Mail a code that shows that the address is theirs, to whoever joins: it makes an account
    where there is none, and signs in where there is one. A closed account gets no mail."""
    to = leads_to(session, email)
    known = session.scalar(select(Person).where(Person.email == to))
    is_closed = known is not None and (
        known.disabled_at is not None or (known.is_demo and not site_of(session).demo)
    )
    code = _keep_code(
        session,
        email=email,
        browser=browser,
        purpose=JOIN,
        works=not is_closed,
        name=name,
        now=now,
    )
    letters.code(
        session,
        name=known.name if known else name,
        email=to,
        code=code,
        life=CODE_LIFE,
        device=device,
        now=now,
        message="people/code_to_join",
        send=not is_closed,
    )


def _keep_code(
    session: DbSession,
    *,
    email: str,
    browser: str,
    purpose: str,
    works: bool,
    now: datetime,
    name: str = "",
    password_hash: str | None = None,
) -> str:
    """Make a code; it ends the earlier ones for the address and of the browser.

    One that nobody is sent does not ``work``: it is kept so that no guess fits it.
    """
    code = tokens.new_code()
    fits = code if works else tokens.new_token()
    session.execute(
        update(SignInCode)
        .where(
            or_(SignInCode.email == email, SignInCode.browser_hash == browser),
            SignInCode.used_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    session.add(
        SignInCode(
            email=email,
            browser_hash=browser,
            code_hash=_hash(session, email, browser, fits),
            purpose=purpose,
            name=name,
            password_hash=password_hash,
            created_at=now,
            ends_at=now + CODE_LIFE,
            tries_left=CODE_TRIES,
        )
    )
    session.flush()
    return code


def end_codes(session: DbSession, *, email: str, now: datetime) -> None:
    """Whatever was sent to this address signs nobody in any more."""
    session.execute(
        update(SignInCode)
        .where(SignInCode.email == email, SignInCode.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def count_try(session: DbSession, *, browser: str, now: datetime) -> bool:
    """Take one of the tries of this browser's code; False where none is left.

    One atomic step. Commit it by itself, before the code is compared.
    """
    pending = pending_code(session, browser=browser, now=now)
    if pending is None:
        raise CodeEnded
    taken = session.scalar(
        update(SignInCode)
        .where(
            SignInCode.id == pending.id,
            SignInCode.tries_left > 0,
            SignInCode.used_at.is_(None),
        )
        .values(tries_left=SignInCode.tries_left - 1)
        .returning(SignInCode.id)
        .execution_options(synchronize_session=False)
    )
    return taken is not None


def use_code(session: DbSession, *, browser: str, code: str, now: datetime) -> int:
    """Use the code up and return whose it is, by id; an account is made where it was asked for.

    Raises ``WrongCode``; ``CodeEnded`` where it was used, replaced or is too old. Call
    ``count_try`` first.
    """
    pending = pending_code(session, browser=browser, now=now)
    if pending is None:
        raise CodeEnded
    if not hmac.compare_digest(pending.code_hash, _hash(session, pending.email, browser, code)):
        raise WrongCode
    used = session.scalar(
        update(SignInCode)
        .where(SignInCode.id == pending.id, SignInCode.used_at.is_(None))
        .values(used_at=now)
        .returning(SignInCode.id)
        .execution_options(synchronize_session=False)
    )
    if used is None:
        raise CodeEnded
    person = _account_for(session, pending, now)
    if person is None:
        raise WrongCode
    if person.email_confirmed_at is None:
        person.email_confirmed_at = now
    session.flush()
    return person.id


def _account_for(session: DbSession, code: SignInCode, now: datetime) -> Person | None:
    if code.purpose in (REGISTER, JOIN):
        person = find_or_add_guest(session, email=code.email, name=code.name, now=now)
    else:
        found = find_account(session, leads_to(session, code.email))
        if found is None:
            return None
        person = found
    held = hold_person(session, person.id)
    if held is None or held.disabled_at:
        return None
    if held.registered_at is None:
        held.registered_at = now
        held.name = code.name
        held.password_hash = code.password_hash
        held.password_set_at = now if code.password_hash else None
        held.version += 1
        if code.purpose == REGISTER:  # Whoever joins is told more in a mail about that.
            letters.welcome(session, person=held, now=now)
    return held


def _hash(session: DbSession, email: str, browser: str, code: str) -> str:
    """Six digits are found in a moment by trying all, so they are kept under our secret."""
    return tokens.sign(site_of(session).secret, "sign-in code", email, browser, code)
