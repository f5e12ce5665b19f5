"""Showing again that it is you, by the strongest thing you have."""

from datetime import datetime
from typing import Final, Literal

from netapp.kernel import limits
from netapp.kernel.db import DbSession
from netapp.people import passwords
from netapp.people.errors import CodeEnded, CurrentPasswordWrong, WrongCode
from netapp.people.models import Person
from netapp.people.operations import accounts, codes, second_step, sign_ins
from netapp.people.queries import SignedIn

Way = Literal["second factor", "password", "mail"]
BY_SECOND_FACTOR: Final = "second factor"
BY_PASSWORD: Final = "password"  # noqa: S105 - the name of a way
BY_MAIL: Final = "mail"


def way_of(person: Person) -> Way:
    """``person`` is whoever is signed in."""
    if person.has_second_factor:
        return BY_SECOND_FACTOR
    return BY_PASSWORD if person.password_hash else BY_MAIL


def count_try(session: DbSession, *, person: Person, browser: str, now: datetime) -> None:
    """Count it before it is looked at, with the tries of signing in; commit it by itself.

    Raises ``TooManySecondTries``, ``TooManyTries``, ``CodeEnded``.
    """
    way = way_of(person)
    if way == BY_SECOND_FACTOR:
        second_step.count_try(session, person_id=person.id, now=now)
    elif way == BY_PASSWORD:
        accounts.count_current_password_try(session, person=person, now=now)
    elif not codes.count_try(session, browser=browser, now=now):
        raise CodeEnded


def prove(
    session: DbSession, *, signed_in: SignedIn, proof: str, browser: str, now: datetime
) -> str:
    """The new token of this sign-in, which counts as fresh for ten minutes.

    Raises ``WrongSecondFactor``, ``CurrentPasswordWrong``, ``WrongCode``, ``CodeEnded``.
    """
    person, way = signed_in.person, way_of(signed_in.person)
    if way == BY_SECOND_FACTOR:
        second_step.use_code(session, person=person, code=proof, now=now)
    elif way == BY_PASSWORD:
        if not passwords.is_right(person.password_hash, proof):
            raise CurrentPasswordWrong
        limits.give_back(session, sign_ins.WRONG_FOR_ACCOUNT, person.email)
    else:
        code = second_step.plain(proof)
        if codes.use_code(session, browser=browser, code=code, now=now) != person.id:
            raise WrongCode
    return sign_ins.renew(session, sign_in_id=signed_in.sign_in_id, now=now)
