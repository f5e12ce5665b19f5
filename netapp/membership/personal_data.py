"""What is kept about people who join, belong and pay."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import About, Clear, DataClass, Delete, Holding, Keep, Rule, Shared
from netapp.membership.application_models import (
    Application,
    ApplicationState,
    ApplicationStep,
    Referee,
)
from netapp.membership.invoice_models import Invoice, InvoiceDetails, InvoiceState, InvoiceYear
from netapp.membership.models import KindField, KindReminder, Membership, MembershipKind, Seat
from netapp.membership.money import exact_pounds
from netapp.membership.seat_models import SeatLink
from netapp.membership.term_models import Notice, StillTrue
from netapp.organisations.models import Organisation
from netapp.people.models import Person

TECHNICAL, ACTIVITY, BELONGING = DataClass.TECHNICAL, DataClass.ACTIVITY, DataClass.BELONGING
IDENTITY, CONTACT, WORDS = DataClass.IDENTITY, DataClass.CONTACT, DataClass.WORDS

TO_BELONG: Final = "So that you have the rights of a member."
FOR_THE_NUMBERS: Final = "So that the number of members of past years stays true."
AS_LONG_AS_COUNTED: Final = (
    "As long as the network counts its past years; without your name once you close your account."
)
UNTIL_CLOSED: Final = "Until you close your account."


INVOICE_STATES: Final = {
    InvoiceState.OPEN: "To be paid",
    InvoiceState.PAID: "Paid",
    InvoiceState.CANCELLED: "Taken back",
}


def _of_my_applications(column: Any, person: int) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = column.in_(
        select(Application.id).where(Application.person_id == person)
    )
    return mine


def _kind(session: DbSession, row: Membership) -> Mapping[str, Any]:
    wanted = select(MembershipKind.name).where(MembershipKind.id == row.kind_id)
    return {"Kind": session.scalar(wanted)}


def _organisation(session: DbSession, row: Seat) -> Mapping[str, Any]:
    wanted = select(Organisation.name).where(Organisation.id == row.organisation_id)
    return {"Organisation": session.scalar(wanted)}


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        Membership,
        {
            TECHNICAL: "id key kind_id person_id organisation_id seats granted_by_id",
            BELONGING: "starts_on ends_on rights_until ended_early age_band",
            ACTIVITY: "granted_at",
            WORDS: "note",
        },
        (
            About(
                of=lambda person: Membership.person_id == person,
                title="Your memberships",
                why=TO_BELONG,
                until=AS_LONG_AS_COUNTED,
                closing=Clear({"note": "", "age_band": None}, why=FOR_THE_NUMBERS),
                reads=_kind,
                words={
                    "starts_on": "From",
                    "ends_on": "Until",
                    "rights_until": "Rights hold until",
                    "age_band": "Age band",
                    "note": "Note",
                },
            ),
        ),
    ),
    Holding(
        Seat,
        {
            TECHNICAL: "id key organisation_id person_id given_by_id ended_by_id",
            IDENTITY: "called",
            ACTIVITY: "given_at ended_at",
        },
        (
            About(
                of=lambda person: Seat.person_id == person,
                title="Seats that organisations gave you",
                why=TO_BELONG,
                until=UNTIL_CLOSED,
                closing=Delete(),
                reads=_organisation,
                words={"called": "Name", "given_at": "Since", "ended_at": "Until"},
            ),
        ),
    ),
    Holding(
        Application,
        {
            TECHNICAL: (
                "id key kind_id person_id organisation_id decided_by_id membership_id version"
            ),
            BELONGING: "organisation_name role area age_band",
            WORDS: "reason",
            DataClass.MONEY: "order_number",
            ACTIVITY: "state sent_at decided_at",
        },
        (
            About(
                of=lambda person: Application.person_id == person,
                title="Your applications to join",
                why="So that coordinators can decide, and tell you why.",
                until=UNTIL_CLOSED + " Those that were declined go earlier.",
                closing=Delete(),
                words={
                    "organisation_name": "Organisation",
                    "role": "Role",
                    "area": "Where you work",
                    "age_band": "Age band",
                    "reason": "What you wrote",
                    "order_number": "Order number",
                    "state": "State",
                    "sent_at": "Sent",
                    "decided_at": "Decided",
                },
            ),
        ),
    ),
    Holding(
        ApplicationStep,
        {
            TECHNICAL: "id application_id actor_id",
            ACTIVITY: "at kind",
            IDENTITY: "actor_name",
            WORDS: "words",
        },
        (
            About(
                of=lambda person: _of_my_applications(ApplicationStep.application_id, person),
                title="What happened to your applications",
                why="So that coordinators decide alike, and can say why.",
                until="As long as the application.",
                closing=Delete(),
                words={"at": "When", "kind": "What", "actor_name": "By", "words": "In words"},
            ),
        ),
    ),
    Holding(
        Referee,
        {
            TECHNICAL: "id key application_id",
            DataClass.CREDENTIAL: "token_hash",
            IDENTITY: "name",
            CONTACT: "email",
            WORDS: "view words",
            ACTIVITY: "asked_at ends_at replied_at",
        },
        (
            About(
                of=lambda person: _of_my_applications(Referee.application_id, person),
                title="Who was asked about you",
                why="So that somebody who knows your work can speak for you.",
                until="As long as the application.",
                closing=Delete(),
                words={"name": "Name", "email": "Email address", "words": "What they wrote"},
            ),
            About(
                of=lambda person: Referee.email.in_(
                    select(Person.email).where(Person.id == person)
                ),
                title="What you said about others",
                why="Because you were asked to speak for them.",
                until="As long as their application.",
                closing=Delete(),
                words={"name": "Name", "email": "Email address", "words": "What you wrote"},
            ),
        ),
    ),
    Holding(
        Invoice,
        {
            TECHNICAL: "id key membership_id credits_id person_id version sender payment",
            IDENTITY: "name",
            CONTACT: "email",
            WORDS: "note",
            DataClass.MONEY: "kind year sequence words pence order_number state",
            ACTIVITY: "issued_on due_on sent_at reminded_on paid_on",
        },
        (
            About(
                of=lambda person: Invoice.person_id == person,
                title="Invoices to you",
                why="Because tax law asks for them.",
                until="Six years after the end of the year they are of.",
                closing=Keep("Tax law asks for invoices for six years (HMRC)."),
                words={
                    "words": "For",
                    "kind": "What it is",
                    "pence": "Amount",
                    "name": "To",
                    "email": "Address",
                    "issued_on": "Issued",
                    "due_on": "To pay by",
                    "sent_at": "Sent",
                    "reminded_on": "Reminded",
                    "paid_on": "Paid",
                    "order_number": "Order number",
                },
                says={"pence": exact_pounds, "state": INVOICE_STATES.__getitem__},
                reads=lambda _, row: {"Number": row.number},
                hides="year sequence",
            ),
        ),
    ),
    Holding(
        StillTrue,
        {TECHNICAL: "person_id", ACTIVITY: "asked_at confirmed_at"},
        (
            About(
                of=lambda person: StillTrue.person_id == person,
                title="When you last said that all is still true",
                why="So that we ask once a year and not more often.",
                until=UNTIL_CLOSED,
                closing=Delete(),
                words={"asked_at": "Asked", "confirmed_at": "You said so"},
            ),
        ),
    ),
    *(
        Shared(model)
        for model in (
            *(InvoiceDetails, InvoiceYear, KindField, KindReminder, MembershipKind, Notice),
            SeatLink,
        )
    ),
)

RULES: Final = (
    Rule(
        "applications",
        "Applications that were declined or withdrawn",
        "So that a second application can be read with the first.",
        days=365,
        at_least=30,
        at_most=1095,
        model=Application,
        due=lambda before: and_(
            or_(
                Application.state == ApplicationState.DECLINED,
                Application.state == ApplicationState.WITHDRAWN,
            ),
            func.coalesce(Application.decided_at, Application.sent_at) < before,
        ),
        closing=Delete(),
        parts=(ApplicationStep.application_id, Referee.application_id),
    ),
)
