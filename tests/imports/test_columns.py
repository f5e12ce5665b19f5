"""What the columns of a file are, by their headings."""

import pytest

from netapp.imports.errors import ColumnsWrong
from netapp.imports.fields import Field, guess, source_of
from netapp.imports.models import ImportState, Keep, RowState
from netapp.imports.operations import starting
from tests.factories import NOW, make_person
from tests.imports.scenes import JO, bring_in, effects, load, rows_of, work

MAILCHIMP = (
    "Email Address,First Name,Last Name,Phone Number,MEMBER_RATING,OPTIN_TIME,REGION,LAST_CHANGED,"
    "LEID,EUID,NOTES,TAGS"
)
EVENTBRITE = (
    "Order #,Order Date,First Name,Last Name,Email,Quantity,Ticket Type,Attendee #,Attendee Status,"
    "Buyer first name,Buyer last name,Buyer email,Company,Job Title"
)


def found(headings):
    names = headings.split(",")
    pairs = zip(names, guess(names), strict=True)
    return source_of(names), {name: field.value for name, field in pairs if field}


def test_a_list_of_our_own():
    assert found("Full Name,E-mail address *,Organisation,Membership type,Expires,T-shirt") == (
        "",
        {
            "Full Name": "name",
            "E-mail address *": "email",
            "Organisation": "organisation",
            "Membership type": "kind",
            "Expires": "ends-on",
        },
    )


def test_mailchimp():
    who = {"Email Address": "email", "First Name": "first-name", "Last Name": "last-name"}
    assert found(MAILCHIMP) == ("Mailchimp", who)
    left = found(MAILCHIMP + ",UNSUB_TIME,UNSUB_REASON")
    assert left == ("Mailchimp", who | {"UNSUB_TIME": "left"})
    assert found(MAILCHIMP + ",CLEAN_TIME") == ("Mailchimp", who | {"CLEAN_TIME": "failed"})


def test_eventbrite_attendees_before_buyers():
    source, columns = found(EVENTBRITE)
    assert source == "Eventbrite"
    assert columns == {
        "First Name": "first-name",
        "Last Name": "last-name",
        "Email": "email",
        "Attendee Status": "status",
        "Company": "organisation",
        "Job Title": "role",
    }
    _, orders = found(
        "Order ID,Order date,Order status,Buyer first name,Buyer last name,Buyer email"
    )
    assert orders == {
        "Order status": "status",
        "Buyer first name": "first-name",
        "Buyer last name": "last-name",
        "Buyer email": "email",
    }


def test_cancelled_orders_are_left_out(session):
    one = load(
        session,
        EVENTBRITE + "\n"
        "1,x,Amina,Okafor,amina@example.org,1,Free,1,Attending,,,,,\n"
        "2,x,Ben,Adeyemi,ben@example.org,1,Free,2,Not Attending,,,,,\n"
        "3,x,Amina,Okafor,amina@example.org,1,Free,3,Checked In,,,,,\n",
    )
    assert one.tallies == {"new": 1, "left-out": 1, "same": 1}


def test_who_unsubscribed_is_left_out_and_never_invited(session):
    headings = MAILCHIMP + ",UNSUB_TIME"
    rows = (
        f"{headings}\namina@example.org,Amina,Okafor,,2,,,,1,a,,,2026-01-01 10:00:00\n"
        "ben@example.org,Ben,Adeyemi,,2,,,,1,b,,,\n"
    )
    one = load(session, rows)
    (left,) = rows_of(session, one, RowState.LEFT_OUT)
    assert left.plan["why"] == "They left the mailing list that this file comes from."
    starting.set_manner(
        session, key=one.key, keep=one.keep, takes_leavers=True, version=one.version
    )
    assert work(session, one).tallies == {"new": 2}
    starting.discard(session, key=one.key)
    session.commit()
    one = starting.load(session, content=rows.encode(), filename="m.csv", actor=JO, now=NOW)
    one.takes_leavers = one.invites = True
    starting.set_columns(session, key=one.key, columns=one.columns, version=1, now=NOW)
    one = work(session, one)
    invited = {row.email: row.to_invite for row in rows_of(session, one, RowState.NEW)}
    assert invited == {"amina@example.org": False, "ben@example.org": True}


def test_what_the_columns_were_is_remembered(session):
    content = b"Wer,Wo,Was\nAmina Okafor,amina@example.org,Harp House\n"
    one = starting.load(session, content=content, filename="a.csv", actor=JO, now=NOW)
    assert one.columns == ["", "", ""]
    chosen = [Field.NAME.value, Field.EMAIL.value, Field.ORGANISATION.value]
    starting.set_columns(session, key=one.key, columns=chosen, version=1, now=NOW)
    session.commit()
    next_one = starting.load(
        session, content=b"wer, WO ,Was\nB,b@example.org,\n", filename="b.csv", actor=JO, now=NOW
    )
    assert next_one.columns == chosen
    assert next_one.state is ImportState.COLUMNS
    faulty = b"Wer,Wo,Was,Row in the file,What to put right\nB,b@example.org,,3,Oh\n"
    again = starting.load(session, content=faulty, filename="c.csv", actor=JO, now=NOW)
    assert again.columns == [*chosen, "", ""]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (["name", "", ""], "Say which column has the email address: each person needs one."),
        (["email", "email", ""], "Two columns are “Email address”. Leave one of them out."),
        (
            ["email", "name", "last-name"],
            "Take either the whole name or first and last name, not both.",
        ),
        (["email", "shoe-size", ""], "Choose from the lists what each column is."),
        (["email"], "Choose from the lists what each column is."),
    ],
)
def test_columns_that_cannot_be(columns, words):
    with pytest.raises(ColumnsWrong) as refused:
        starting.check_columns(columns, 3)
    assert str(refused.value) == words


def test_gaps_are_filled_or_the_file_counts(session):
    make_person(session, email="amina@example.org", name="Amina Okafor", organisation="Bury")
    text = "Email,Name,Company\namina@example.org,Amina J Okafor,Harp House\n"
    one = load(session, text)
    assert one.tallies == {"same": 1}
    starting.set_manner(
        session, key=one.key, keep=Keep.FILE, takes_leavers=False, version=one.version
    )
    one = work(session, one)
    assert effects(session, one, RowState.CHANGE) == [
        (
            2,
            [
                "Name: Amina Okafor becomes Amina J Okafor",
                "Organisation in their words: Bury becomes Harp House",
            ],
        )
    ]


def test_nothing_of_a_closed_account_is_changed(session):
    make_person(session, email="amina@example.org", name="Amina", disabled_at=NOW)
    one = load(session, "Email,Name,Company\namina@example.org,Amina,Harp House\n")
    assert one.tallies == {"left-out": 1}
    bring_in(session, "Email,Name\nben@example.org,Ben\n")
