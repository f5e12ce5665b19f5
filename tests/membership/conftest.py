"""What the tests of joining and belonging share."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.membership.application_models import Application
from netapp.membership.invoice_models import Invoice, InvoiceDetails
from netapp.membership.models import MembershipKind
from netapp.membership.operations import invoicing
from netapp.membership.operations.applying import Answers, apply
from netapp.membership.operations.kinds import load_kinds
from tests.factories import NOW, make_coordinator, make_membership, make_person
from tests.people.letters import code_in
from tests.visitor import Visitor

EMAIL = "amina@example.org"
NAME = "Amina Okafor"
JO = Actor(None, "Jo Field")
TODAY = date(2027, 1, 11)


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


@pytest.fixture
def desk(session, as_person):
    return as_person(make_coordinator(session, name="Jo Field", email="jo@example.org"))


@pytest.fixture
def applied(session, kinds):
    """Somebody with an account has asked for a kind."""

    def _applied(kind="core-member", email=EMAIL, name=NAME, **answers) -> Application:
        person = make_person(session, email=email, name=name)
        typed = Answers(role="Singing leader", **answers)
        made = apply(session, kind=kind, person_id=person.id, answers=typed, now=NOW)
        session.commit()
        return made

    return _applied


@pytest.fixture
def priced(session, kinds):
    """Associates pay £25.50; what stands on invoices is filled in."""
    kind = session.scalars(select(MembershipKind).where(MembershipKind.slug == "associate")).one()
    kind.fee_pence = 2550
    details = InvoiceDetails(id=1, sender="The Network\n1 Hill Road", payment="Sort code 00-00-00")
    session.add(details)
    session.commit()
    return kind


@pytest.fixture
def issue(session, priced):
    def _issue(name="Amina Okafor", email=EMAIL, *, now=NOW, order_number="") -> Invoice:
        person = make_person(session, name=name, email=email)
        held = make_membership(
            session,
            person_id=person.id,
            kind="associate",
            starts_on=TODAY,
            ends_on=date(2028, 1, 10),
        )
        held.kind = priced
        made = invoicing.issue(session, held, order_number=order_number, actor=JO, now=now)
        session.commit()
        assert made is not None
        return made

    return _issue
