"""Fees: an invoice with a number, by email, as a PDF that can be read aloud; paid by hand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.kernel.db import unit_of_work
from netapp.kernel.errors import StaleEdit
from netapp.membership.errors import InvoiceClosed, PaidTooEarly
from netapp.membership.invoice_models import Invoice, InvoiceState
from netapp.membership.operations import invoicing
from netapp.membership.operations.invoice_mails import remind_one, send_one
from netapp.membership.operations.invoicing import next_number
from netapp.people.models import Person
from netapp.workflows.close_account import close_account
from tests.factories import NOW, make_membership, make_person
from tests.membership.conftest import application_of
from tests.people.letters import last_letter, letters_to

EMAIL = "amina@example.org"
JO = Actor(None, "Jo Field")
DESK = "/desk/membership/invoices"
TODAY = date(2027, 1, 11)


def send_all(session, now=NOW) -> int:
    sent = 0
    while True:
        with unit_of_work(session):
            if not send_one(session, now):
                return sent
        sent += 1


def test_what_stands_on_it(issue):
    one = issue(order_number="PO-77")
    assert (one.number, one.pence, one.name, one.email) == (
        "2027-0001",
        2550,
        "Amina Okafor",
        EMAIL,
    )
    assert one.words == "Associate membership, 11 January 2027 to 10 January 2028"
    assert (one.issued_on, one.due_on) == (TODAY, TODAY + timedelta(days=30))
    assert (one.sender, one.order_number) == ("The Network\n1 Hill Road", "PO-77")


def test_joining_a_kind_with_a_fee(session, priced, join, desk):
    visitor = join("associate", order_number="PO-77")
    visitor.open("/join/associate")
    assert "£25.50" in visitor.text
    desk.open(f"/desk/membership/applications/{application_of(session).key}")
    desk.send("/approve")
    assert "The invoice follows in a mail of its own." in last_letter(session, EMAIL)
    one = session.scalars(select(Invoice)).one()
    assert (one.order_number, one.pence) == ("PO-77", 2550)
    assert send_all(session) == 1
    assert letters_to(session, EMAIL)[-1] == "membership/invoice"
    letter = last_letter(session, EMAIL)
    for words in ("£25.50", "10 February 2027", "Sort code 00-00-00", "PO-77"):
        assert words in letter
    visitor.open("/account/membership")
    assert "Invoice 2027-0001, £25.50" in visitor.text


def test_renewing_writes_another(session, priced, sign_in, visitor):
    person = sign_in(make_person(session, email=EMAIL))
    make_membership(
        session,
        person_id=person.id,
        kind="associate",
        starts_on=date(2026, 2, 1),
        ends_on=date(2027, 1, 31),
    )
    visitor.open("/account/membership")
    assert "£25.50 for the term." in visitor.text
    visitor.send("/renew", order_number="PO-78")
    one = session.scalars(select(Invoice)).one()
    assert one.words == "Associate membership, 1 February 2027 to 31 January 2028"
    assert one.order_number == "PO-78"


def test_mailed_once_with_a_pdf(session, issue):
    issue()
    assert [send_all(session), send_all(session)] == [1, 0]
    assert letters_to(session, EMAIL) == ["membership/invoice"]


def test_numbers_of_each_year_begin_with_one(session, issue):
    numbers = [issue(email=f"p{n}@example.org").number for n in range(3)]
    later = issue(email="p9@example.org", now=datetime(2028, 1, 1, 0, 0, tzinfo=UTC))
    assert numbers == ["2027-0001", "2027-0002", "2027-0003"]
    assert later.number == "2028-0001"


def test_the_year_is_that_of_the_networks_zone(issue):
    """In summer London is an hour ahead; on New Year's Eve it is not."""
    before = issue(email="a@example.org", now=datetime(2027, 12, 31, 23, 59, tzinfo=UTC))
    after = issue(email="b@example.org", now=datetime(2028, 1, 1, 0, 0, tzinfo=UTC))
    assert (before.number, after.number) == ("2027-0001", "2028-0001")


def test_no_gap_and_no_double_whoever_asks_at_once(app, new_session):
    """Every third is undone: its number is given again."""

    def take(n: int) -> int | None:
        with new_session() as own:
            try:
                with unit_of_work(own):
                    number = next_number(own, 2027)
                    if n % 3 == 0:
                        raise LookupError
            except LookupError:
                return None
            return number

    with ThreadPoolExecutor(8) as pool:
        given = [number for number in pool.map(take, range(48)) if number is not None]
    assert sorted(given) == list(range(1, 33))


def test_paid_by_hand(session, issue, desk):
    one = issue()
    desk.open(DESK)
    assert "1 invoice, £25.50 together" in desk.text
    desk.open(f"{DESK}/{one.key}")
    desk.send("/paid", paid_on="2027-01-11", note="Bank statement 3")
    assert "Marked as paid." in desk.text
    session.expire_all()
    kept = session.get_one(Invoice, one.id)
    assert (kept.state, kept.paid_on, kept.note) == (InvoiceState.PAID, TODAY, "Bank statement 3")
    desk.send("/unpaid")
    session.expire_all()
    assert session.get_one(Invoice, one.id).state is InvoiceState.OPEN


@pytest.mark.parametrize("day", ["2027-01-10", "2027-01-12"])
def test_paid_on_a_day_that_can_be(session, issue, desk, day):
    one = issue()
    desk.open(f"{DESK}/{one.key}")
    desk.send("/paid", paid_on=day)
    assert PaidTooEarly.message in desk.text


def test_taken_back_by_a_credit_note(session, issue, desk):
    one = issue(order_number="PO-77")
    send_all(session)
    desk.open(f"{DESK}/{one.key}")
    desk.send("/cancel", reason="Joined by mistake")
    assert "Taken back by <a" in desk.text
    credit = session.scalars(select(Invoice).where(Invoice.credits_id == one.id)).one()
    assert (credit.number, credit.pence, credit.order_number) == ("2027-0002", 2550, "PO-77")
    assert send_all(session) == 1
    letter = last_letter(session, EMAIL)
    assert "Invoice 2027-0001 is taken back" in letter
    assert "Joined by mistake" in letter
    with pytest.raises(InvoiceClosed):
        invoicing.mark_paid(
            session, key=one.key, version=2, paid_on=TODAY, note="", actor=JO, now=NOW
        )


def test_two_coordinators_at_once(issue, new_session):
    one = issue()

    def act(n: int) -> str:
        with new_session() as own:
            try:
                with unit_of_work(own):
                    if n % 2:
                        invoicing.cancel(
                            own, key=one.key, version=1, reason="Double", actor=JO, now=NOW
                        )
                    else:
                        invoicing.mark_paid(
                            own, key=one.key, version=1, paid_on=TODAY, note="", actor=JO, now=NOW
                        )
            except (InvoiceClosed, StaleEdit):
                return "late"
        return "done"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(act, range(6)))
    assert sorted(outcomes) == ["done", *["late"] * 5]


@pytest.mark.parametrize(
    ("moment", "reminded"),
    [
        (datetime(2027, 2, 16, 12, tzinfo=UTC), 0),
        (datetime(2027, 2, 17, 8, 59, tzinfo=UTC), 0),
        (datetime(2027, 2, 17, 9, 0, tzinfo=UTC), 1),
        (datetime(2027, 5, 20, 12, tzinfo=UTC), 0),
    ],
)
def test_reminded_a_week_after_the_due_day(session, issue, moment, reminded):
    issue()
    with unit_of_work(session):
        done = remind_one(session, moment)
    assert done == reminded
    assert letters_to(session, EMAIL) == ["membership/invoice_reminder"] * reminded


def test_reminded_again_after_another_week_while_unpaid(session, issue):
    one = issue()
    start = datetime(2027, 2, 17, 12, tzinfo=UTC)
    days = []
    for day in range(20):
        with unit_of_work(session):
            if remind_one(session, start + timedelta(days=day)):
                days.append(day)
    assert days == [0, 7, 14]
    invoicing.mark_paid(
        session,
        key=one.key,
        version=1,
        paid_on=TODAY,
        note="",
        actor=JO,
        now=start + timedelta(days=20),
    )
    session.commit()
    with unit_of_work(session):
        assert remind_one(session, start + timedelta(days=30)) == 0


def test_lists_and_a_table_to_take_away(session, issue, desk):
    first = issue("=Amina", "a@example.org")
    issue("Ben", "b@example.org")
    invoicing.cancel(session, key=first.key, version=1, reason="-", actor=JO, now=NOW)
    session.commit()
    desk.open(f"{DESK}?show=cancelled")
    assert ("2027-0001" in desk.text, "2027-0002" in desk.text) == (True, False)
    answer = desk.client.get(f"{DESK}/invoices.csv?show=all")
    lines = answer.text.lstrip("\ufeff").splitlines()
    assert [line.split(",")[0] for line in lines] == [
        "Number",
        "2027-0001",
        "2027-0002",
        "2027-0003",
    ]
    assert "'=Amina" in lines[1]
    assert ",-25.50," in lines[3]


def test_what_stands_on_invoices_is_changed_on_the_desk(session, issue, desk):
    one = issue()
    desk.open(f"{DESK}/details")
    desk.send("/details", sender="The New Network", due_days=14)
    session.expire_all()
    assert session.get_one(Invoice, one.id).sender == "The Network\n1 Hill Road"
    assert issue(email="b@example.org").sender == "The New Network"


def test_the_pdf_is_for_whom_it_was_sent_to(session, issue, as_person):
    one = issue()
    mine = as_person(session.get_one(type(make_person(session)), one.person_id))
    other = as_person(make_person(session))
    path = f"/account/membership/invoices/{one.key}.pdf"
    answers = [each.client.get(path) for each in (mine, other)]
    assert [answer.status_code for answer in answers] == [200, 404]
    assert answers[0].headers["Content-Type"] == "application/pdf"
    assert answers[0].headers["Content-Disposition"] == (
        'attachment; filename="invoice-2027-0001.pdf"'
    )


def test_without_a_fee_the_desk_has_no_word_of_invoices(kinds, desk):
    for path in ("/desk/membership/applications", "/desk/membership/terms"):
        desk.open(path)
        assert "Invoices" not in desk.text


def test_as_many_queries_with_twenty_five_as_with_one(issue, desk, count_queries):
    issue()
    desk.open(DESK)
    with count_queries() as few:
        desk.open(DESK)
    for n in range(24):
        issue(email=f"p{n}@example.org")
    with count_queries() as many:
        desk.open(DESK)
    assert len(many) == len(few)


def test_who_closed_their_account_is_greeted_by_the_name_of_the_invoice(session, issue, tmp_path):
    invoice = issue()
    person = session.get_one(Person, invoice.person_id)
    close_account(session, key=person.key, by=None, folder=tmp_path, now=NOW)
    session.commit()
    send_all(session)
    assert last_letter(session, EMAIL).startswith(f"Hello {invoice.name},")
