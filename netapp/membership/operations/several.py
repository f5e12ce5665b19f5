"""Several applications decided by one button: each by itself, so that one that moved does not stop
the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.kernel.db import DbSession
from netapp.kernel.errors import DomainError
from netapp.membership.application_models import Application
from netapp.membership.errors import WordsMissing
from netapp.membership.operations import deciding
from netapp.people.models import Person


@dataclass(frozen=True, slots=True)
class Chosen:
    """An application as it was when the list was opened."""

    key: str
    version: int

    @classmethod
    def of(cls, text: str) -> "Chosen | None":
        """From ``key:version``; None for what no page of ours sent."""
        key, _, version = text.partition(":")
        known = version.isascii() and version.isdigit() and len(version) <= 9 and 0 < len(key) <= 32
        return cls(key, int(version)) if known else None


@dataclass(slots=True)
class Outcome:
    """How many were decided, and of the others whose they are and why they were left."""

    done: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)


def approve_several(
    session: DbSession, *, chosen: Sequence[Chosen], actor: Actor, now: datetime
) -> Outcome:
    act = partial(deciding.approve, session, actor=actor, now=now)
    return _each(session, chosen, lambda one: act(key=one.key, version=one.version))


def decline_several(
    session: DbSession, *, chosen: Sequence[Chosen], words: str, actor: Actor, now: datetime
) -> Outcome:
    """All in the same words. Raises ``WordsMissing``."""
    if not words:
        raise WordsMissing
    act = partial(deciding.decline, session, words=words, actor=actor, now=now)
    return _each(session, chosen, lambda one: act(key=one.key, version=one.version))


def _each(session: DbSession, chosen: Sequence[Chosen], act: Callable[[Chosen], object]) -> Outcome:
    """In the order of their keys: two coordinators with the same list do not wait for each other
    in a circle."""
    outcome = Outcome()
    for one in sorted(set(chosen), key=lambda each: each.key):
        try:
            with session.begin_nested():
                act(one)
            outcome.done += 1
        except DomainError as refusal:
            outcome.left.append((_name(session, one.key), str(refusal)))
    return outcome


def _name(session: DbSession, key: str) -> str:
    name = select(Person.name).join(Application, Application.person_id == Person.id)
    return session.scalar(name.where(Application.key == key)) or "One that is gone"
