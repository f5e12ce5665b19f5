"""Booking with a name and an address alone; and what a guest is told."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from netapp.events.models import Audience, BookedAs, Booking
from netapp.kernel import limits
from netapp.people.models import Person
from tests.events.scenes import book, fill, mails, states
from tests.events.views.pages import heading, section, ticked, words
from tests.factories import NOW, make_event, make_member, make_person
from tests.people.letters import last_letter

ADA = {"name": "Ada Byron", "email": "ada@example.org"}


def errors(page_text):
    return section(page_text, 'id="error-summary-title">', "</div>")


def bookings(session):
    return session.scalars(select(Booking).order_by(Booking.id)).all()


def test_a_name_and_an_address_are_enough(session, visitor):
    make_event(session, slug="it", title="Working With Chaos", cost="£30, by invoice.")
    visitor.open("/events/it")
    visitor.send("/events/it/bookings", ADA)
    booking = bookings(session)[0]
    person = session.get_one(Person, booking.person_id)
    assert (person.email, person.registered_at) == ("ada@example.org", None)
    assert states(session, booking) == ["confirmed"]
    assert mails(session, to=person) == ["events/booking_confirmed"]
    assert visitor.path.startswith("/events/it/thanks/")
    assert heading(visitor.text) == "You are booked, Ada"
    said = words(visitor.text)
    assert "We have just emailed ada@example.org : the link in it opens your booking." in said
    assert "Its subject begins with “Working With Chaos”, and it says what you have booked." in said
    assert "Look in the spam or junk folder. Then have the link sent again ." in said
    assert "About this event, or what you need to take part: Jo Field ." in said
    assert "Working With Chaos Wednesday 10 February 2027, 2pm to 5:30pm GMT" in said
    assert "What it costs: £30, by invoice. What to do now" in said
    assert "What it costs: £30, by invoice." in last_letter(session, "ada@example.org")
    assert booking.reference not in visitor.text


def test_confirmed_and_waiting_are_told_apart(session, visitor):
    event = make_event(session, slug="it", sessions=2, capacity=1)
    fill(session, event, 1, people=1)
    visitor.open("/events/it")
    visitor.send("/events/it/bookings", ADA, session=[date.key for date in event.sessions])
    rows = section(visitor.text, '<ul class="rows">', "</ul>")
    assert rows.index("Wednesday 10 February") < rows.index("Wednesday 17 February")
    assert rows.endswith("You are on the waiting list for this date.")
    assert rows.count("You are on the waiting list") == 1


def test_only_waiting_is_said_first(session, visitor):
    event = make_event(session, slug="it", capacity=1)
    fill(session, event, 0, people=1)
    visitor.open("/events/it")
    visitor.send("/events/it/bookings", ADA)
    assert heading(visitor.text) == "You are on the waiting list, Ada"


def test_what_is_not_certain_yet_is_said(session, visitor):
    event = make_event(session, slug="it", runs_from=8, decide_on=date(2027, 1, 25))
    visitor.open("/events/it")
    visitor.send("/events/it/bookings", ADA)
    uncertain = (
        "It is not certain yet: this runs from 8 people. We decide on Monday 25 January 2027, and "
        "write to you then."
    )
    assert uncertain in words(visitor.text)
    event.runs_at, event.page_revision = NOW, event.page_revision + 10
    event.revision += 10
    session.commit()
    visitor.open(visitor.path)
    assert "not certain" not in words(visitor.text)


def test_the_page_is_for_this_browser_alone(session, visitor, as_person, at):
    make_event(session, slug="it")
    visitor.open("/events/it")
    visitor.send("/events/it/bookings", ADA)
    assert as_person(None).open(visitor.path).status_code == 404
    assert as_person(make_member(session)).open(visitor.path).status_code == 404
    make_event(session, slug="other")
    key = visitor.path.rsplit("/", 1)[1]
    assert visitor.open(f"/events/other/thanks/{key}").status_code == 404
    assert visitor.open(f"/events/it/thanks/{'x' * 300}").status_code == 404
    assert visitor.open(f"/events/it/thanks/{key}").status_code == 200


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("known", ["unknown", "guest", "member", "booked", "booked and waiting"])
def test_known_and_unknown_addresses_are_answered_alike(session, visitor, known, full):
    event = make_event(session, slug="it", sessions=2, capacity=3)
    email = {"email": "ada@example.org"}
    if known == "guest":
        make_person(session, registered_at=None, email_confirmed_at=None, **email)
    elif known == "member":
        make_member(session, name="Ada B.", **email)
    elif known != "unknown":
        book(session, event, 0, person=make_person(session, **email))
    if full:
        fill(session, event, 0, people=3 - len(bookings(session)))
    if known == "booked and waiting":
        fill(session, event, 1, people=3)
        visitor.open("/events/it")
        visitor.send("/events/it/bookings", ADA, session=event.sessions[1].key)
    before = len(bookings(session))
    visitor.open("/events/it")
    answer = visitor.send("/events/it/bookings", ADA, session=event.sessions[0].key)
    told = words(visitor.text)
    assert answer.status_code == 200
    assert heading(visitor.text) == (
        "You are on the waiting list, Ada" if full else "You are booked, Ada"
    )
    assert "Ada B." not in told
    assert told.count("ada@example.org") == 1
    assert len(bookings(session)) - before == (0 if known.startswith("booked") else 1)


def test_alike_byte_for_byte(session, as_person):
    event = make_event(session, slug="it", sessions=2)
    book(session, event, 1, person=make_member(session, email="known@example.org", name="K. Nown"))
    pages = []
    for email in ("known@example.org", "newer@example.org"):
        guest = as_person(None)
        guest.open("/events/it")
        guest.send("/events/it/bookings", name="Sam", email=email)
        pages.append((guest.page.status_code, guest.text.replace(email, "x@example.org")))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("whole", [False, True])
def test_alike_byte_for_byte_where_the_last_place_went(session, as_person, whole):
    booked_as = BookedAs.WHOLE if whole else BookedAs.BY_SESSION
    event = make_event(session, slug="it", sessions=2, capacity=2, booked_as=booked_as)
    dates = () if whole else (0,)
    book(session, event, *dates, person=make_member(session, email="known@example.org"))
    strangers = {email: as_person(None) for email in ("known@example.org", "newer@example.org")}
    for stranger in strangers.values():
        stranger.open("/events/it")
    fill(session, event, *dates, people=2)
    before = len(bookings(session))
    pages = set()
    for email, stranger in strangers.items():
        stranger.send("/events/it/bookings", name="Sam", email=email)
        page = re.sub(r'name="(once|csrf_token)" value="[^"]*"', "", stranger.text)
        pages.add((stranger.page.status_code, page.replace(email, "x@example.org")))
    assert [(status, heading(page)) for status, page in pages] == [
        (200, "You are on the waiting list, Sam")
    ]
    assert "The last place went a moment before your booking reached us." in words(stranger.text)
    assert len(bookings(session)) == before + 1


def test_alike_byte_for_byte_where_one_of_two_dates_went(session, as_person):
    event = make_event(session, slug="it", sessions=2, capacity=1)
    book(session, event, 1, person=make_member(session, email="known@example.org"))
    strangers = {email: as_person(None) for email in ("known@example.org", "newer@example.org")}
    event.sessions[1].pools[0].capacity = 2
    session.commit()
    for stranger in strangers.values():
        stranger.open("/events/it")
    fill(session, event, 0, people=1)
    pages = set()
    for email, stranger in strangers.items():
        keys = [date.key for date in event.sessions]
        stranger.send("/events/it/bookings", name="Sam", email=email, session=keys)
        page = re.sub(r'name="(once|csrf_token)" value="[^"]*"', "", stranger.text)
        pages.add((stranger.page.status_code, page.replace(email, "x@example.org")))
    assert [(status, heading(page)) for status, page in pages] == [
        (409, "The last place has just gone")
    ]
    assert "you would be number 1." in words(stranger.text)


def test_what_is_missing_is_said_and_what_was_typed_stays(session, visitor):
    event = make_event(session, slug="it", sessions=3)
    visitor.open("/events/it")
    chosen = event.sessions[2].key
    visitor.send(
        "/events/it/bookings", name=" ", email="ada at example", needs="Captions", session=chosen
    )
    assert visitor.page.status_code == 422
    said = errors(visitor.text)
    assert said.startswith("There are 3 things to put right")
    assert "Enter your name, like Sam Okoro." in said
    assert "Enter an email address, like name@example.org." in said
    assert "<title>Error: Event" in visitor.text
    for target in ("name", "email", "needs_agreed"):
        assert f'href="#{target}"' in visitor.text
        assert f'id="{target}"' in visitor.text
    fields = dict(visitor.form("/bookings").fields)
    assert (fields["email"], fields["needs"]) == ("ada at example", "Captions")
    assert ticked(visitor.text) == [chosen]
    assert bookings(session) == []
    visitor.send("/events/it/bookings", ADA, needs_agreed="y")
    assert heading(visitor.text) == "You are booked, Ada"


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "Zoë O’Brien-Łukasz",
        "=HYPERLINK(1)",
        "名前",
        "a\u202eb",
        "x" * 120,
    ],
)
def test_odd_names_are_only_names(session, visitor, name):
    make_event(session, slug="it")
    visitor.open("/events/it")
    visitor.send("/events/it/bookings", name=name, email="ada@example.org")
    assert heading(visitor.text).startswith("You are booked, ")
    assert "<script>alert" not in visitor.text
    assert session.scalars(select(Person.name)).one() == name.replace("\u202e", "")


def test_a_name_too_long_is_shortened_by_its_owner(session, visitor):
    make_event(session, slug="it")
    visitor.open("/events/it")
    visitor.send("/events/it/bookings", name="x" * 121, email="ada@example.org")
    assert visitor.page.status_code == 422
    assert "Shorten this to 120 characters. It has 121." in errors(visitor.text)
    assert dict(visitor.form("/bookings").fields)["name"] == "x" * 121


def test_the_same_form_sent_twice_leads_to_the_same_page(session, visitor):
    make_event(session, slug="it")
    visitor.open("/events/it")
    fields = dict(visitor.form("/bookings").fields) | ADA
    answers = [visitor.client.post("/events/it/bookings", data=fields) for _ in range(8)]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    person = session.scalars(select(Person)).one()
    assert mails(session, to=person) == ["events/booking_confirmed"]


def test_going_back_to_book_for_somebody_else_books_for_them(session, visitor):
    make_event(session, slug="it")
    visitor.open("/events/it")
    fields = dict(visitor.form("/bookings").fields) | ADA
    sam = {"name": "Sam Okoro", "email": "sam@example.org"}
    answers = [visitor.client.post("/events/it/bookings", data=fields | each) for each in ({}, sam)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "Sam" in visitor.client.get(answers[1].location).text
    assert len(bookings(session)) == 2


def test_an_event_for_members_leads_to_the_sign_in(session, visitor):
    make_event(session, slug="open")
    make_event(session, slug="ours", audience=Audience.MEMBERS)
    visitor.open("/events/open")
    fields = dict(visitor.form("/bookings").fields) | ADA
    answer = visitor.client.post("/events/ours/bookings", data=fields)
    assert answer.status_code == 409
    assert 'href="/sign-in?next=/events/ours"' in answer.text
    assert bookings(session) == []


def test_five_bookings_an_hour_for_one_address(session, as_person, at):
    for number in range(6):
        make_event(session, slug=f"it-{number}", title=f"Event {number}")
    pages = []
    for number in range(6):
        guest = as_person(None)
        guest.open(f"/events/it-{number}")
        guest.send(f"/events/it-{number}/bookings", name="Ada", email=" ADA@Example.org ")
        pages.append(guest.page)
    assert [page.status_code for page in pages] == [200] * 5 + [429]
    assert pages[5].headers["Retry-After"] == "3600"
    assert "Wait an hour and send it again, or write to us." in errors(pages[5].text)
    assert dict(guest.form("/bookings").fields)["name"] == "Ada"
    assert len(bookings(session)) == 5
    with at(NOW + timedelta(hours=1)):
        guest.send("/events/it-5/bookings")
    assert heading(guest.text) == "You are booked, Ada"


def test_forty_bookings_an_hour_from_one_network(session, visitor):
    make_event(session, slug="it", capacity=None)
    with_room = limits.Limit("guest bookings, client address", 40, timedelta(hours=1))
    for _ in range(39):
        limits.count_and_check(session, with_room, "127.0.0.1", NOW)
    session.commit()
    statuses = []
    for number in range(2):
        visitor.open("/events/it")
        visitor.send("/events/it/bookings", name="Ada", email=f"ada{number}@example.org")
        statuses.append(visitor.page.status_code)
    assert statuses == [200, 429]


def test_a_wrong_form_counts_for_no_limit(session, visitor):
    make_event(session, slug="it")
    visitor.open("/events/it")
    for _ in range(8):
        visitor.send("/events/it/bookings", name="", email="ada@example.org")
    visitor.send("/events/it/bookings", ADA)
    assert heading(visitor.text) == "You are booked, Ada"
