"""Ten codes on paper for when phone and passkeys are lost: each works once."""

from datetime import datetime

from sqlalchemy import delete, update

from netapp.kernel.db import DbSession
from netapp.kernel.site import site_of
from netapp.kernel.tokens import new_key, sign
from netapp.people.models import RecoveryCode
from netapp.people.operations.guards import hold_person

HOW_MANY = 10
LENGTH = 12  # Characters of 4.8 bits: 57 bits, and ten tries in 15 minutes.
GROUP = 4


def make_codes(session: DbSession, *, person_id: int, now: datetime) -> list[str]:
    """Ten new codes, to be shown once; earlier ones end."""
    hold_person(session, person_id)
    remove(session, person_id=person_id)
    codes = [new_key(LENGTH) for _ in range(HOW_MANY)]
    session.add_all(
        RecoveryCode(person_id=person_id, code_hash=_hash(session, person_id, code), created_at=now)
        for code in codes
    )
    session.flush()
    return [as_written(code) for code in codes]


def as_written(code: str) -> str:
    """``k3v9-h7t2-bq4m``."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def use_code(session: DbSession, *, person_id: int, code: str, now: datetime) -> bool:
    """Whether it is one of this person's codes that was not used. One atomic step uses it up.

    ``code`` without blanks and hyphens, in lower case.
    """
    used = session.scalar(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == person_id,
            RecoveryCode.code_hash == _hash(session, person_id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    return used is not None


def remove(session: DbSession, *, person_id: int) -> None:
    session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.person_id == person_id)
        .execution_options(synchronize_session=False)
    )


def _hash(session: DbSession, person_id: int, code: str) -> str:
    """Short enough to be found by trying, so they are kept under our secret."""
    return sign(site_of(session).secret, "recovery code", person_id, code)
