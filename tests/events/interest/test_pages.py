"""Interest as people meet it: one tap, one mail, a link to take it back; ideas on the desk."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.events.models import Audience, Idea, InterestRequest
from netapp.events.operations import interest as operations
from netapp.kernel.limits import Limit
from netapp.mail.models import OutboxMessage
from tests.events.interest.topics import LATER, closed_event, give, interests, make_idea
from tests.events.scenes import fill, mails
from tests.events.views.pages import heading, words
from tests.factories import (
    NOW,
    make_coordinator,
    make_event,
    make_guest,
    make_member,
    make_person,
)
from tests.mail.samples import bytes_of, parsed, part

ADA = {"name": "Ada Byron", "email": "ada@example.org"}


def link_in(session):
    """The first address of this site in the newest mail, within the site."""
    row = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    text = "\n".join(part(parsed(bytes_of(session, row)), "plain").splitlines())
    return re.search(r"^https?://[^/]+(/\S+)$", text, flags=re.MULTILINE).group(1)


def test_one_tap_and_another_takes_it_back(session, sign_in, visitor):
    event = closed_event(session, slug="it", title="Chaos")
    person = sign_in(make_person(session))
    visitor.open("/events/it")
    visitor.send("/events/it/interest")
    assert "Noted. We write to you when you can book." in words(visitor.text)
    assert "You are interested. We write to you when you can book." in words(visitor.text)
    assert [(e.event_id, e.person_id) for e in interests(session)] == [(event.id, person.id)]
    visitor.send("/take-back")
    assert visitor.path == "/events/it"
    assert "I am interested" in words(visitor.text)
    assert interests(session) == []


def test_pressed_twice_it_is_one(session, sign_in, visitor):
    closed_event(session, slug="it")
    sign_in(make_person(session))
    visitor.open("/events/it")
    page = visitor.page
    visitor.send("/events/it/interest")
    visitor.page = page
    visitor.send("/events/it/interest")
    assert len(interests(session)) == 1


def test_a_form_without_its_key_is_refused(session, sign_in, client):
    closed_event(session, slug="it")
    sign_in(make_person(session))
    assert client.post("/events/it/interest").status_code == 400


def test_a_guest_is_asked_by_mail_first(session, visitor):
    closed_event(session, slug="it", title="Chaos")
    visitor.open("/events/it")
    visitor.send("/events/it/interest", ADA)
    assert heading(visitor.text) == "One more step: look for our email"
    assert interests(session) == []
    visitor.open(link_in(session))
    assert heading(visitor.text) == "Are you interested?"
    assert interests(session) == []  # Programs that look at mail open links.
    page = visitor.page
    visitor.send(visitor.path)
    assert heading(visitor.text) == "Noted: you are interested"
    assert len(interests(session)) == 1
    visitor.page = page
    visitor.send(page.request.path)  # The second press leads where the first one led.
    assert heading(visitor.text) == "Noted: you are interested"
    visitor.send("/take-back")
    assert interests(session) == []


def test_the_link_ends(session, visitor):
    closed_event(session, slug="it")
    visitor.open("/events/it")
    visitor.send("/events/it/interest", ADA)
    address = link_in(session)
    visitor.open(address)
    visitor.send(address)
    visitor.open(address)
    assert (visitor.page.status_code, heading(visitor.text)) == (410, "This link has ended")
    visitor.open("/interest/confirm/nonsense")
    assert visitor.page.status_code == 410


def test_known_or_not_the_answer_is_alike(session, as_person):
    event = closed_event(session, slug="it")
    give(session, event, make_guest(session, email="ada@example.org", name="Ada"))
    answers = []
    for email in ("ada@example.org", "new@example.org"):
        visitor = as_person(None)
        visitor.open("/events/it")
        visitor.send("/events/it/interest", ADA | {"email": email})
        said = words(visitor.text).replace(email, "…")
        answers.append((visitor.page.status_code, said))
    assert answers[0] == answers[1]
    assert mails(session) == ["events/interest_known", "events/interest_asked"]


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(session, visitor):
    closed_event(session, slug="it")
    visitor.open("/events/it")
    answer = visitor.send("/events/it/interest", {"name": "Ada Byron", "email": "ada"})
    assert answer.status_code == 422
    assert 'value="Ada Byron"' in visitor.text
    assert "There is something to put right" in words(visitor.text)
    visitor.send("/events/it/interest", {"email": "ada@example.org"})
    assert heading(visitor.text) == "One more step: look for our email"


def test_guests_are_limited(session, visitor):
    closed_event(session, slug="it")
    for _ in range(5):
        visitor.open("/events/it")
        visitor.send("/events/it/interest", ADA)
    visitor.open("/events/it")
    answer = visitor.send("/events/it/interest", ADA)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "3600")
    assert len(session.scalars(select(InterestRequest)).all()) == 1


def test_the_link_of_a_mail_is_for_one_only(session, visitor, as_person):
    found = give(session, closed_event(session), make_person(session))
    for address in (f"/interest/{found.key}", f"/interest/{found.key}?key={'0' * 32}"):
        visitor.open(address)
        assert visitor.page.status_code == 404
        other = as_person(make_person(session))
        other.open(address)
        assert other.page.status_code == 404


def test_my_interest_is_listed(session, sign_in, visitor):
    person = sign_in(make_person(session))
    give(session, closed_event(session, title="Chaos"), person)
    give(session, make_idea(session, title="Songs"), person)
    visitor.open("/account/interest")
    text = words(visitor.text)
    assert "Songs Not dated yet. Since 11 January 2027. Deleted by 11 January 2028." in text
    assert "Chaos Since 11 January 2027." in text
    visitor.send("/take-back")
    assert visitor.path == "/account/interest"
    assert len(interests(session)) == 1


@pytest.mark.parametrize(
    ("overrides", "shown"),
    [
        ({"booking_opens_at": LATER}, True),
        ({"booking_closes_at": NOW}, True),
        ({}, False),
        ({"booking_opens_at": LATER, "audience": Audience.MEMBERS}, False),
        ({"booking_closes_at": NOW, "starts_at": NOW - timedelta(hours=1)}, False),
    ],
)
def test_the_button_is_where_one_cannot_book(session, visitor, overrides, shown):
    make_event(session, slug="it", **overrides)
    visitor.open("/events/it")
    assert ("/events/it/interest" in visitor.text) is shown


def test_members_say_so_of_their_events(session, sign_in, visitor):
    closed_event(session, slug="it", audience=Audience.MEMBERS)
    sign_in(make_member(session))
    visitor.open("/events/it")
    visitor.send("/events/it/interest")
    assert len(interests(session)) == 1


def test_too_late_it_leads_to_booking(session, sign_in, visitor, at):
    closed_event(session, slug="it")
    sign_in(make_person(session))
    visitor.open("/events/it")
    with at(LATER):
        visitor.send("/events/it/interest")
        assert "Booking is open. Book your place instead." in words(visitor.text)
    assert interests(session) == []


def test_an_idea_stands_at_the_end_of_the_events(session, sign_in, visitor):
    idea = make_idea(session, title="Songs in hospital schools")
    visitor.open("/events")
    assert "Not dated yet Tell us if you would come." in words(visitor.text)
    visitor.open(f"/ideas/{idea.slug}")
    assert heading(visitor.text) == "Songs in hospital schools"
    sign_in(make_person(session))
    visitor.open("/events")
    visitor.send(f"/ideas/{idea.slug}/interest")
    assert visitor.path == "/events"
    assert "You are interested" in words(visitor.text)
    assert len(interests(session)) == 1


def test_without_ideas_nothing_is_said_of_them(session, visitor):
    visitor.open("/events")
    assert "Not dated yet" not in words(visitor.text)
    visitor.open("/ideas/nothing")
    assert visitor.page.status_code == 404


def test_a_coordinator_makes_edits_and_closes_an_idea(session, sign_in, visitor):
    sign_in(make_coordinator(session))
    visitor.open("/desk/ideas/new")
    visitor.send("/desk/ideas/new", {"title": "Songs", "words": "Writing songs."})
    assert heading(visitor.text) == "Songs"
    here = visitor.path
    visitor.send(here, {"title": "More songs"})
    assert heading(visitor.text) == "More songs"
    visitor.send("/close")
    assert "Closed. Nobody sees it any more." in words(visitor.text)
    visitor.open("/ideas/songs")
    assert visitor.page.status_code == 404
    visitor.open(here)
    visitor.send("/reopen")
    visitor.open("/ideas/songs")
    assert heading(visitor.text) == "More songs"
    summaries = session.scalars(select(AuditLine.summary).order_by(AuditLine.id)).all()
    assert summaries == [
        "Added the idea Songs.",
        "Edited the idea More songs.",
        "Closed the idea More songs.",
        "Opened the idea More songs again.",
    ]


def test_an_edit_that_came_too_late_loses_nothing(session, sign_in, visitor, as_person):
    idea = make_idea(session, title="Songs")
    sign_in(make_coordinator(session))
    other = as_person(make_coordinator(session))
    here = f"/desk/ideas/{idea.key}"
    visitor.open(here)
    other.open(here)
    other.send(here, {"title": "Theirs"})
    answer = visitor.send(here, {"title": "Mine"})
    assert answer.status_code == 409
    assert "Theirs" in visitor.text
    visitor.send(here)  # Save mine.
    assert heading(visitor.text) == "Mine"


def test_an_idea_becomes_an_event(session, sign_in, visitor):
    idea = make_idea(session, title="Songs")
    give(session, idea, make_person(session, name="Sam Okoro"))
    sign_in(make_coordinator(session))
    visitor.open(f"/desk/ideas/{idea.key}")
    assert "Sam Okoro" in words(visitor.text)
    visitor.send("/event")
    assert heading(visitor.text) == "Songs"
    assert "Give it a date" in words(visitor.text)
    found = session.scalars(select(Idea).execution_options(populate_existing=True)).one()
    assert interests(session)[0].event_id == found.event_id
    visitor.open("/ideas/songs")  # Until the event is published.
    assert heading(visitor.text) == "Songs"


def test_the_desk_sees_whom_to_ask(session, sign_in, visitor, client):
    event = closed_event(session, slug="it", title="Chaos")
    give(session, event, make_member(session, name="Sam Okoro", email="sam@example.org"))
    give(session, event, make_guest(session, name="=cmd", email="ada@example.org"))
    sign_in(make_coordinator(session))
    visitor.open(f"/desk/events/{event.key}/bookings")
    assert "Interested (2)" in words(visitor.text)
    visitor.open(f"/desk/events/{event.key}/interest")
    text = words(visitor.text)
    assert "2 people would come and have not booked." in text
    assert "Sam Okoro sam@example.org Mon 11 Jan 2027 Yes Waits" in text
    answer = visitor.send("/interest.csv")
    assert answer.text.splitlines()[1:] == [
        'Sam Okoro,sam@example.org,,"11 January 2027, midday",Yes,Event,,',
        '\'=cmd,ada@example.org,,"11 January 2027, midday",No,Event,,',
    ]
    line = session.scalars(select(AuditLine)).one()
    assert line.summary == "Took away 2 people interested in Chaos as a table."


def test_only_coordinators_see_the_desk_of_it(session, sign_in, client):
    event, idea = closed_event(session), make_idea(session)
    sign_in(make_person(session))
    for path in (f"/desk/events/{event.key}/interest", "/desk/ideas", f"/desk/ideas/{idea.key}"):
        assert client.get(path).status_code == 404


def test_a_list_costs_the_same_with_one_and_with_twenty(session, sign_in, client, count_queries):
    event = closed_event(session)
    sign_in(make_coordinator(session))
    costs = []
    for number in (1, 19):
        for _ in range(number):
            give(session, event, make_person(session))
        client.get(f"/desk/events/{event.key}/interest")
        with count_queries() as statements:
            client.get(f"/desk/events/{event.key}/interest")
        costs.append(len(statements))
    assert costs[0] == costs[1]


def test_full_without_a_waiting_list(session, visitor):
    event = make_event(session, slug="it", capacity=1, has_waiting_list=False)
    fill(session, event, 0, people=1)
    visitor.open("/events/it")
    assert "we write to you when a place comes free" in words(visitor.text)


def test_many_from_one_network_are_limited(session, monkeypatch, visitor):
    closed_event(session, slug="it")
    monkeypatch.setattr(operations, "BY_CLIENT", Limit("test", 1, timedelta(hours=1)))
    for number in range(2):
        visitor.open("/events/it")
        answer = visitor.send("/events/it/interest", ADA | {"email": f"a{number}@example.org"})
    assert answer.status_code == 429
