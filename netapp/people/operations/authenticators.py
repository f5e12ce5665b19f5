"""Apps that show six digits, new every 30 seconds (RFC 6238): set up, compared, removed."""

import hmac
from datetime import datetime

import pyotp
from sqlalchemy import delete, select, update

from netapp.kernel import crypto
from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.people.errors import NothingToConfirm, WrongSecondFactor
from netapp.people.models import Authenticator, Person
from netapp.people.operations.guards import hold_person

SECONDS = 30  # How long a code is shown; RFC 6238, section 5.2.
CLOCKS_APART = 1  # Steps: a phone may be this much early or late, so a code is at most 90 s old.


def step_at(now: datetime) -> int:
    """The number of the time step; RFC 6238, section 4.2."""
    return int(now.timestamp()) // SECONDS


def begin(session: DbSession, *, person: Person, now: datetime, seed: str = "") -> None:
    """Make the seed of a new app. It opens nothing until ``confirm``; one in use stays in use."""
    hold_person(session, person.id)
    _remove(session, person.id, confirmed=False)
    key = new_key()
    plain = (seed or pyotp.random_base32()).encode()
    bound_to = _bound_to(key, person.id)
    session.add(
        Authenticator(
            key=key,
            person_id=person.id,
            sealed=crypto.seal(site_of(session).secret, plain, bound_to=bound_to),
            created_at=now,
            last_step=0,
        )
    )
    session.flush()


def add_known(session: DbSession, *, person: Person, seed: str, now: datetime) -> None:
    """An app in use with a seed that is known already. For the people of the demo."""
    begin(session, person=person, now=now, seed=seed)
    mine = Authenticator.person_id == person.id, Authenticator.confirmed_at.is_(None)
    session.execute(update(Authenticator).where(*mine).values(confirmed_at=now))


def new_seed(session: DbSession, *, person_id: int) -> str | None:
    """The seed that was made and not confirmed yet, for the app to read; base 32."""
    found = _find(session, person_id, confirmed=False)
    return _seed(session, found) if found else None


def address_of(session: DbSession, seed: str, *, person: Person) -> str:
    """What the picture to photograph says: ``otpauth://totp/…``."""
    totp = pyotp.TOTP(seed)
    return totp.provisioning_uri(name=person.email, issuer_name=site_of(session).short_name)


def confirm(session: DbSession, *, person_id: int, code: str, now: datetime) -> None:
    """The app shows the right code: from now on it is in use, in place of an earlier one.

    Raises ``WrongSecondFactor``, and ``NothingToConfirm`` where none is being set up.
    """
    hold_person(session, person_id)
    fresh = _find(session, person_id, confirmed=False)
    if fresh is None:
        raise NothingToConfirm
    if not _use(session, fresh, code, now):
        raise WrongSecondFactor
    _remove(session, person_id, confirmed=True)
    session.execute(
        update(Authenticator)
        .where(Authenticator.id == fresh.id)
        .values(confirmed_at=now)
        .execution_options(synchronize_session=False)
    )
    session.expire(fresh)


def use_code(session: DbSession, *, person_id: int, code: str, now: datetime) -> bool:
    """Whether the app in use shows this code. It, and every older one, then works no more."""
    found = _find(session, person_id, confirmed=True)
    return found is not None and _use(session, found, code, now)


def code_shown(session: DbSession, *, person_id: int, now: datetime) -> str:
    """The code that works now, or "" in the seconds until the next. For the demo's own people."""
    found = _find(session, person_id, confirmed=True)
    seed = _seed(session, found) if found else None
    if found is None or seed is None:
        return ""
    unused = [step for step in _steps(now) if step > found.last_step]
    here = [step for step in unused if step >= step_at(now)] or unused
    return pyotp.TOTP(seed).generate_otp(here[0]) if here else ""


def remove(session: DbSession, *, person_id: int) -> bool:
    """Whether there was one in use."""
    _remove(session, person_id, confirmed=False)
    return _remove(session, person_id, confirmed=True)


def _use(session: DbSession, found: Authenticator, code: str, now: datetime) -> bool:
    """Compare with each step that may be meant; the one that fits is used up in one UPDATE, so
    that of two requests with the same code one wins."""
    seed = _seed(session, found)
    if seed is None:
        return False
    totp = pyotp.TOTP(seed)
    fitting = [s for s in _steps(now) if hmac.compare_digest(totp.generate_otp(s), code)]
    if not fitting:
        return False
    used = session.scalar(
        update(Authenticator)
        .where(Authenticator.id == found.id, Authenticator.last_step < fitting[-1])
        .values(last_step=fitting[-1])
        .returning(Authenticator.id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


def _steps(now: datetime) -> range:
    here = step_at(now)
    return range(here - CLOCKS_APART, here + CLOCKS_APART + 1)


def _find(session: DbSession, person_id: int, *, confirmed: bool) -> Authenticator | None:
    return session.scalar(
        select(Authenticator)
        .where(
            Authenticator.person_id == person_id,
            Authenticator.confirmed_at.is_not(None)
            if confirmed
            else Authenticator.confirmed_at.is_(None),
        )
        .execution_options(populate_existing=True)
    )


def _remove(session: DbSession, person_id: int, *, confirmed: bool) -> bool:
    which = Authenticator.confirmed_at
    gone = session.scalar(
        delete(Authenticator)
        .where(
            Authenticator.person_id == person_id,
            which.is_not(None) if confirmed else which.is_(None),
        )
        .returning(Authenticator.id)
        .execution_options(synchronize_session=False)
    )
    return gone is not None


def _seed(session: DbSession, found: Authenticator) -> str | None:
    """None where it was sealed under another secret key: then no code fits."""
    bound_to = _bound_to(found.key, found.person_id)
    try:
        return crypto.unseal(site_of(session).secret, found.sealed, bound_to=bound_to).decode()
    except crypto.SealBroken:
        return None


def _bound_to(key: str, person_id: int) -> str:
    return f"authenticators.sealed:{key}:{person_id}"
