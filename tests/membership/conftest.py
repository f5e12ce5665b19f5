"""What the tests of joining and belonging share."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from netapp.membership.application_models import Application
from netapp.membership.operations.kinds import load_kinds
from tests.people.letters import code_in
from tests.visitor import Visitor

EMAIL = "amina@example.org"
NAME = "Amina Okafor"


@pytest.fixture
def kinds(session) -> None:
    load_kinds(session)
    session.commit()


@pytest.fixture
def join(session, visitor, kinds) -> Callable[..., Visitor]:
    """A stranger fills in the form and types the code of the mail."""

    def _join(kind: str = "core-member", *, own: Visitor = visitor, **fields: Any) -> Visitor:
        own.open(f"/join/{kind}")
        typed = {"name": NAME, "email": EMAIL, **fields}
        if kind in ("core-member", "associate"):
            typed.setdefault("role", "Singing leader")
        own.send(f"/join/{kind}", typed)
        if "/join/code/" in own.path:
            own.send(own.path, code=code_in(session, typed["email"]))
        return own

    return _join


def application_of(session, email: str = EMAIL):
    session.expire_all()
    return session.scalars(
        select(Application).join(Application.person).where(Application.person.has(email=email))
    ).one()
