"""Reads: what somebody has to show beside a password or their mailbox."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, or_, select

from netapp.kernel.db import DbSession
from netapp.kernel.tokens import hash_token
from netapp.people.models import Authenticator, Passkey, Person, RecoveryCode, RoleGrant, SecondStep

HAS_SECOND_FACTOR = or_(
    exists().where(Authenticator.person_id == Person.id, Authenticator.confirmed_at.is_not(None)),
    exists().where(Passkey.person_id == Person.id),
).label("has_second_factor")
"""A column of a query that has ``Person``."""


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    key: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondFactors:
    app_since: datetime | None
    passkeys: tuple[PasskeyLine, ...]
    recovery_codes: int  # Not used yet.

    @property
    def any(self) -> bool:
        return self.app_since is not None or bool(self.passkeys)


def second_factors_of(session: DbSession, person_id: int) -> SecondFactors:
    mine = Authenticator.person_id == person_id, Authenticator.confirmed_at.is_not(None)
    passkeys = session.scalars(
        select(Passkey).where(Passkey.person_id == person_id).order_by(Passkey.id)
    )
    return SecondFactors(
        session.scalar(select(Authenticator.confirmed_at).where(*mine)),
        tuple(PasskeyLine(p.key, p.name, p.created_at, p.last_used_at) for p in passkeys),
        recovery_codes_left(session, person_id),
    )


def has_second_factor(session: DbSession, person_id: int) -> bool:
    """Whether this person has an app for codes, or a passkey."""
    mine = select(HAS_SECOND_FACTOR).select_from(Person).where(Person.id == person_id)
    return bool(session.scalar(mine))


def awaits_second_step(session: DbSession, person_id: int) -> bool:
    """Whether they have a role (coordinator, safeguarding lead) that opens with a second step, and
    have none."""
    mine = RoleGrant.person_id == person_id
    has_role = session.scalar(select(RoleGrant.role).where(mine).limit(1)) is not None
    return has_role and not has_second_factor(session, person_id)


def recovery_codes_left(session: DbSession, person_id: int) -> int:
    mine = RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None)
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def second_step_of(session: DbSession, token: str, *, now: datetime) -> Person | None:
    """Whose second step this token opens, while it does."""
    return session.scalar(
        select(Person)
        .join(SecondStep, SecondStep.person_id == Person.id)
        .where(
            SecondStep.token_hash == hash_token(token),
            SecondStep.used_at.is_(None),
            SecondStep.ends_at > now,
            Person.disabled_at.is_(None),
        )
    )
