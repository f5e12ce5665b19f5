"""Between a right password and being signed in: the second factor of whoever has one."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update

from netapp.kernel import limits
from netapp.kernel.db import DbSession
from netapp.kernel.limits import Limit
from netapp.kernel.tokens import hash_token, new_token
from netapp.people import letters
from netapp.people.errors import SecondStepEnded, TooManySecondTries, WrongSecondFactor
from netapp.people.models import Person, SecondStep
from netapp.people.operations import authenticators, recovery, sign_ins
from netapp.people.operations.guards import hold_person
from netapp.people.second_factors import has_second_factor, recovery_codes_left

LIFE = timedelta(minutes=10)
WRONG_SECOND_FACTOR = Limit("wrong second factor", 10, timedelta(minutes=15), until_quiet=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """What the browser keeps: the token of a sign-in, or (not ``is_complete``) of a second step."""

    token: str
    is_complete: bool


def enter(
    session: DbSession, *, person_id: int, device: str, replaces: str | None, now: datetime
) -> Entry:
    """Somebody gave a right password, code or link. Without a second factor they are signed in;
    with one, a second step begins, and the browser stays what it was."""
    hold_person(session, person_id)
    if not has_second_factor(session, person_id):
        token = sign_ins.begin(
            session, person_id=person_id, device=device, replaces=replaces, now=now
        )
        return Entry(token, is_complete=True)
    token = new_token()
    session.add(
        SecondStep(
            token_hash=hash_token(token),
            person_id=person_id,
            created_at=now,
            ends_at=now + LIFE,
        )
    )
    session.flush()
    return Entry(token, is_complete=False)


def finish(
    session: DbSession, token: str, *, device: str, replaces: str | None, now: datetime
) -> str:
    """The second factor was right: use the second step up, and sign in with a token of its own.

    Raises ``SecondStepEnded`` where it was used, is too old, or the account was closed.
    """
    person_id = session.scalar(
        update(SecondStep)
        .where(
            SecondStep.token_hash == hash_token(token),
            SecondStep.used_at.is_(None),
            SecondStep.ends_at > now,
        )
        .values(used_at=now)
        .returning(SecondStep.person_id)
        .execution_options(synchronize_session=False)
    )
    person = hold_person(session, person_id) if person_id else None
    if person is None or person.disabled_at:
        raise SecondStepEnded
    return sign_ins.begin(
        session,
        person_id=person.id,
        device=device,
        replaces=replaces,
        is_strong=True,
        now=now,
    )


def count_try(session: DbSession, *, person_id: int, now: datetime) -> None:
    """Count a code before it is looked at; commit it by itself. Raises ``TooManySecondTries``."""
    if not limits.count_and_check(session, WRONG_SECOND_FACTOR, str(person_id), now):
        raise TooManySecondTries


def plain(typed: str) -> str:
    """A code without the blanks and hyphens it was typed with, in lower case."""
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", typed)).lower()


def use_code(session: DbSession, *, person: Person, code: str, now: datetime) -> None:
    """Six digits of the app, or a recovery code, as typed; either works once. Call ``count_try``
    first. Raises ``WrongSecondFactor``."""
    code = plain(code)
    if re.fullmatch(r"[0-9]{6}", code):
        right = authenticators.use_code(session, person_id=person.id, code=code, now=now)
    else:
        right = recovery.use_code(session, person_id=person.id, code=code, now=now)
        if right:
            left = recovery_codes_left(session, person.id)
            letters.recovery_code_used(session, person=person, left=left, now=now)
    if not right:
        raise WrongSecondFactor
    forget_tries(session, person_id=person.id)


def forget_tries(session: DbSession, *, person_id: int) -> None:
    """The last one was right, and is not counted."""
    limits.give_back(session, WRONG_SECOND_FACTOR, str(person_id))
