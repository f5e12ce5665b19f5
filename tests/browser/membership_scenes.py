"""Applications and invoices as long as they may be, for those who look at every page."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from netapp.membership.application_models import Referee
from netapp.membership.invoice_models import Invoice
from netapp.membership.operations.applying import Answers, apply
from netapp.membership.operations.kinds import load_kinds
from netapp.people.models import Person
from tests.factories import NOW, make_membership, make_person


@dataclass(frozen=True, slots=True)
class Belonging:
    """Keys of an application that waits, of an invoice to ``person``, and of a term without one."""

    application: str
    invoice: str
    term: str


def make_long_belonging(session: Session, person: Person) -> Belonging:
    load_kinds(session)
    long_name = "Bartholomew-Featherstonehaugh " * 4
    applicant = make_person(session, name=long_name.strip(), organisation="Music " * 20)
    application = apply(
        session,
        kind="organisation",
        person_id=applicant.id,
        answers=Answers(organisation=("Community Music " * 10)[:160], role="Leader " * 17),
        now=NOW,
    )
    session.add(
        Referee(
            key="referee1",
            application_id=application.id,
            name=long_name[:120],
            email=f"{'r' * 60}@{'example' * 8}.org",
            token_hash="0" * 64,
            asked_at=NOW,
            ends_at=NOW,
        )
    )
    invoice = Invoice(
        key="invoice1",
        year=2027,
        sequence=1,
        person_id=person.id,
        name=("Community Music " * 10)[:160],
        email=person.email,
        words="Membership " * 18,
        pence=123456789,
        order_number="P" * 60,
        sender="Us",
        payment="Bank",
        issued_on=NOW.date(),
        due_on=NOW.date(),
        sent_at=NOW,
    )
    session.add(invoice)
    term = make_membership(session, person_id=applicant.id, kind="associate")
    session.commit()
    return Belonging(application.key, invoice.key, term.key)
