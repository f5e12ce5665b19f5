"""Passkeys (WebAuthn): added by their owner, then a second step, or a sign-in by themselves.

What a passkey signs is made here, kept for five minutes, and used once, in the browser that asked.
"""

import secrets
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update

from netapp.kernel import limits
from netapp.kernel.db import DbSession, insert_for
from netapp.kernel.limits import Limit
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key
from netapp.people import ceremonies
from netapp.people.errors import PasskeyRefused
from netapp.people.models import Passkey, PasskeyChallenge, Person
from netapp.people.operations.guards import hold_person
from netapp.people.queries import find_account_by_id
from netapp.people.relying_party import relying_party

LIFE = timedelta(minutes=5)
BYTES = 32  # Of a challenge; WebAuthn section 13.4.3 wants 16 or more.
LONGEST = 20_000  # Characters of what a browser sends; ours send about 1,500.
MOST = 20  # Passkeys of one person.
ADD: Final = "add"
SIGN_IN: Final = "sign-in"
SECOND_STEP: Final = "second-step"
AGAIN: Final = "again"
CHALLENGES_FOR_CLIENT = Limit("passkey challenges for client", 60, timedelta(minutes=15))


def count_challenge(session: DbSession, *, client: str, now: datetime) -> bool:
    """Whether a stranger may ask for one more. Counts it; commit that by itself."""
    return limits.count_and_check(session, CHALLENGES_FOR_CLIENT, client, now)


def options_to_add(session: DbSession, *, person: Person, browser: str, now: datetime) -> str:
    """What the browser is to ask its passkeys for, as JSON; keeps the challenge in it."""
    return ceremonies.adding(
        relying_party(site_of(session)),
        person=person,
        challenge=_new_challenge(session, browser=browser, purpose=ADD, now=now),
        present=_of(session, person.id),
    )


def options_to_use(
    session: DbSession, *, purpose: str, person_id: int | None, browser: str, now: datetime
) -> str:
    """As above; without ``person_id`` any passkey of ours will do, if it verifies its owner."""
    return ceremonies.using(
        relying_party(site_of(session)),
        challenge=_new_challenge(session, browser=browser, purpose=purpose, now=now),
        allowed=_of(session, person_id) if person_id else None,
    )


def take_challenge(
    session: DbSession, *, purpose: str, browser: str, now: datetime
) -> bytes | None:
    """The challenge this browser got for this purpose; it is gone then. Commit it by itself,
    before the answer is looked at, so that no answer is tried twice."""
    return session.scalar(
        delete(PasskeyChallenge)
        .where(
            PasskeyChallenge.browser_hash == browser,
            PasskeyChallenge.purpose == purpose,
            PasskeyChallenge.ends_at > now,
        )
        .returning(PasskeyChallenge.challenge)
        .execution_options(synchronize_session=False)
    )


def add(
    session: DbSession,
    *,
    person: Person,
    name: str,
    answer: str,
    challenge: bytes | None,
    now: datetime,
) -> None:
    """Keep the public half of a new passkey. Raises ``PasskeyRefused``."""
    hold_person(session, person.id)
    if challenge is None or len(answer) > LONGEST or len(_of(session, person.id)) >= MOST:
        raise PasskeyRefused
    made = ceremonies.added(relying_party(site_of(session)), answer=answer, challenge=challenge)
    row = insert_for(session, Passkey).values(
        key=new_key(),
        person_id=person.id,
        name=name,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        created_at=now,
    )
    added = session.scalar(
        row.on_conflict_do_nothing(index_elements=[Passkey.credential_id]).returning(Passkey.id)
    )
    if added is None:
        raise PasskeyRefused


def use(
    session: DbSession,
    *,
    answer: str,
    challenge: bytes | None,
    now: datetime,
    person_id: int | None = None,
) -> Person:
    """Whose passkey answered the challenge. With ``person_id`` it must be theirs, and touching it
    is enough; without, it stands for both factors, so it must have verified its owner (by
    fingerprint, face or PIN). Raises ``PasskeyRefused``."""
    if challenge is None or len(answer) > LONGEST:
        raise PasskeyRefused
    named = Passkey.credential_id == ceremonies.named(answer)
    passkey = session.scalar(select(Passkey).where(named))
    if passkey is None or person_id not in (None, passkey.person_id):
        raise PasskeyRefused
    count = ceremonies.used(
        relying_party(site_of(session)),
        answer=answer,
        challenge=challenge,
        passkey=passkey,
        verified=person_id is None,
    )
    unchanged = Passkey.id == passkey.id, Passkey.sign_count == passkey.sign_count
    used = session.scalar(
        update(Passkey)
        .where(*unchanged)
        .values(sign_count=count, last_used_at=now)
        .returning(Passkey.person_id)
        .execution_options(synchronize_session=False)
    )
    person = find_account_by_id(session, used) if used else None
    if person is None:
        raise PasskeyRefused
    return person


def _new_challenge(session: DbSession, *, browser: str, purpose: str, now: datetime) -> bytes:
    """It takes the place of the one this browser got before."""
    mine = PasskeyChallenge.browser_hash == browser, PasskeyChallenge.purpose == purpose
    session.execute(
        delete(PasskeyChallenge).where(*mine).execution_options(synchronize_session=False)
    )
    challenge = secrets.token_bytes(BYTES)
    session.add(
        PasskeyChallenge(
            browser_hash=browser, purpose=purpose, challenge=challenge, ends_at=now + LIFE
        )
    )
    session.flush()
    return challenge


def _of(session: DbSession, person_id: int) -> list[bytes]:
    mine = select(Passkey.credential_id).where(Passkey.person_id == person_id)
    return list(session.scalars(mine.order_by(Passkey.id)))
