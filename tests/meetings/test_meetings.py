"""A group meets: called, with an agenda, notes, decisions, a register, sent round once."""

import email
import email.policy
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.models import Audience, Booking, Event, EventMode, EventStatus
from netapp.events.operations.booking import Wish
from netapp.events.operations.by_hand import add_by_hand
from netapp.groups.errors import GroupClosed
from netapp.kernel.site import site_of
from netapp.mail import drafts
from netapp.mail.models import OutboxMessage
from netapp.meetings.errors import AlreadyCirculated, EachChooses, NotTheirs
from netapp.meetings.models import Decision, DecisionState, Meeting
from netapp.meetings.operations import calling, deciding, papers
from netapp.meetings.plans import DecisionPlan, MeetingPlan
from netapp.meetings.queries.decisions import decisions_of_person
from tests.events.scenes import mails
from tests.factories import NOW, make_coordinator, make_event, make_member, make_person
from tests.groups.scenes import make_group, make_group_event, put_in

EQUALITY = "Equality, diversity and inclusion"
MOVED = "How have these decisions moved us forward?"


@pytest.fixture
def chair(session):
    return make_member(session, name="Cass Chair")


@pytest.fixture
def ada(session):
    return make_member(session, name="Ada Member")


@pytest.fixture
def group(session, chair, ada):
    return make_group(session, ada, lead=chair, slug="circle", name="Circle")


@pytest.fixture
def leading(as_person, chair):
    return as_person(chair)


def plan(**more):
    values: dict[str, Any] = {
        "title": "Spring meeting",
        "starts_at": NOW + timedelta(days=20),
        "ends_at": NOW + timedelta(days=20, hours=2),
        "mode": EventMode.ONLINE,
    }
    return MeetingPlan(**(values | more))


def call(session, group, person, **more):
    made = calling.call_meeting(
        session, group_id=group.id, plan=plan(**more), actor=Actor(person.id, person.name), now=NOW
    )
    session.commit()
    return made


def text_of(session, message, to):
    row = session.scalar(
        select(OutboxMessage).where(
            OutboxMessage.message == message, OutboxMessage.to_email == to.email
        )
    )
    raw = drafts.bytes_of(site_of(session), row.key, row.sealed)
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    return mail.get_body(("plain",)).get_content()


def test_called_from_the_page_of_the_group_with_what_it_always_asks(session, group, leading, ada):
    leading.open("/groups/circle/meetings/agenda")
    leading.send("/agenda", items=f"{EQUALITY}\n\n  {MOVED}  \n")
    leading.open("/groups/circle/meetings/new")
    leading.send(
        "/new",
        title="Spring meeting",
        day="2027-02-04",
        starts="14:00",
        ends="16:00",
        join_link="https://meet.example.org/x",
        words="We look at the year.",
        books_all=None,
    )
    assert "The meeting is called, and everybody in the group told." in leading.text
    assert "Thursday 4 February 2027, 2pm to 4pm GMT" in leading.text
    assert EQUALITY in leading.text
    assert MOVED in leading.text
    event = session.scalars(select(Event)).one()
    assert (event.audience, event.status, event.group_id, event.party_most) == (
        Audience.GROUP, EventStatus.PUBLISHED, group.id, 1,
    )  # fmt: skip
    assert mails(session, to=ada) == ["meetings/called"]
    told = text_of(session, "meetings/called", ada)
    assert "Cass Chair has called a meeting" in told
    assert "We look at the year." in told
    assert "meet.example.org" not in told


def test_everybody_gets_a_place_and_an_invitation(session, group, chair, ada, as_person):
    call(session, group, chair)
    assert mails(session, to=ada) == ["meetings/called_with_place"]
    told = text_of(session, "meetings/called_with_place", ada)
    title = session.scalar(select(Event.title))
    assert f"Cass Chair has called a meeting of “Circle”: {title}." in told
    assert "/groups/circle/meetings/" in told
    assert "You get this mail because you are in this group." in told
    row = session.scalar(select(OutboxMessage).where(OutboxMessage.to_email == ada.email))
    assert b"text/calendar" in drafts.bytes_of(site_of(session), row.key, row.sealed)
    assert len(session.scalars(select(Booking)).all()) == 2
    page = as_person(ada)
    page.open("/groups/circle")
    assert "Spring meeting" in page.text
    assert "Spring meeting" in page.open("/account/bookings").text


def test_whoever_leads_looks_after_the_event(session, group, chair, ada, leading, as_person):
    call(session, group, chair)
    key = session.scalars(select(Event.key)).one()
    assert leading.open(f"/desk/events/{key}").status_code == 200
    assert leading.open(f"/desk/events/{key}/dates").status_code == 200
    assert leading.open("/desk/events").status_code == 404
    assert leading.open(f"/desk/events/{make_event(session).key}").status_code == 404
    assert as_person(ada).open(f"/desk/events/{key}").status_code == 404


def test_cancelling_tells_those_with_a_place(session, group, chair, ada, leading):
    key = call(session, group, chair).key
    leading.open(f"/groups/circle/meetings/{key}")
    leading.send("/cancel", reason="The hall is cold.")
    assert "Cancelled. 2 people told." in leading.text
    assert mails(session, to=ada)[-1] == "events/booking_cancelled"
    session.expire_all()
    assert session.scalars(select(Event.status)).one() is EventStatus.CANCELLED


def test_one_of_several_dates_is_cancelled_alone(session, group, leading):
    event = make_group_event(session, group, sessions=2)
    here = f"/groups/circle/meetings/{event.sessions[0].key}"
    leading.open(here)
    leading.send("/cancel", reason="Ill")
    session.expire_all()
    assert session.scalars(select(Event.status)).one() is EventStatus.PUBLISHED
    assert leading.open(here).status_code == 200
    assert "Cancelled" in leading.text


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"day": "2027-01-04"}, "That time is over."),
        ({"mode": "in_person"}, "Say where the meeting is."),
        ({"mode": "hybrid", "place": "Room 1"}, "each says which: let them book."),
        ({"join_link": "meet.example.org"}, "Enter the whole link"),
        ({"title": ""}, "Enter a title, like Spring meeting."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_called(session, group, leading, more, words):
    leading.open("/groups/circle/meetings/new")
    fields = {"title": "T", "day": "2027-02-04", "starts": "14:00", "ends": "16:00"}
    leading.send("/new", fields | more)
    assert leading.page.status_code == 422
    assert words in leading.text
    assert session.scalars(select(Event)).all() == []
    assert mails(session) == []


def test_a_closed_group_calls_no_meeting(session, group, chair):
    group.closed_at = NOW
    session.commit()
    with pytest.raises(GroupClosed):
        call(session, group, chair)
    session.rollback()
    with pytest.raises(EachChooses):
        call(session, make_group(session, chair), chair, mode=EventMode.HYBRID, place="Room")


def test_nobody_outside_sees_a_meeting_and_only_those_who_lead_write(
    session, group, chair, ada, as_person
):
    key = call(session, group, chair).key
    for other in (None, make_person(session), make_member(session)):
        for path in ("", f"/{key}", f"/{key}/agenda", f"/{key}/notes", "/new", "/agenda"):
            page = as_person(other).open(f"/groups/circle/meetings{path}")
            assert "Spring meeting" not in page.text
            if other is not None:
                assert page.status_code == 404
        assert "Spring meeting" not in as_person(other).open("/groups/circle").text
    member = as_person(ada)
    assert member.open(f"/groups/circle/meetings/{key}").status_code == 200
    for path in (f"/{key}/agenda", f"/{key}/notes", "/new", "/agenda"):
        assert member.open(f"/groups/circle/meetings{path}").status_code == 404


def test_a_meeting_of_another_group_is_not_found_in_this_one(session, group, chair, leading):
    other = make_group(session, lead=chair)
    key = call(session, other, chair).key
    assert leading.open(f"/groups/circle/meetings/{key}").status_code == 404


def test_an_event_without_a_group_is_no_meeting(session, group, leading):
    event = make_event(session)
    assert leading.open(f"/groups/circle/meetings/{event.sessions[0].key}").status_code == 404


def test_agenda_notes_register_and_decisions(session, group, chair, ada, leading, at, as_person):
    soon = NOW + timedelta(hours=1)
    key = call(session, group, chair, starts_at=soon, ends_at=soon + timedelta(hours=2)).key
    here = f"/groups/circle/meetings/{key}"
    leading.open(f"{here}/agenda")
    leading.send("/agenda", items=f"Welcome\n{EQUALITY}")
    assert "Welcome" in leading.text
    with at(NOW + timedelta(hours=3)):
        leading.open(f"{here}/notes")
        leading.send(
            "/notes",
            {"notes": "We **agreed** much.", f"at-{ada.key}": "present",
             f"at-{chair.key}": "apologies"},
        )  # fmt: skip
        assert "<strong>agreed</strong>" in leading.text
        assert "<strong>Present:</strong> Ada Member" in leading.text
        assert "<strong>Apologies:</strong> Cass Chair" in leading.text
        leading.send(
            "/decisions", words="Ask the hubs for figures", owner=ada.key, due_on="2027-02-20"
        )
        assert "The decision is written down." in leading.text
        member = as_person(ada)
        member.open("/groups/circle")
        assert "Ask the hubs for figures" in member.text
        assert "Ada Member, by 20 February 2027" in member.text
        leading.open(here)
        leading.send("/circulate")
        assert "On its way to 2 people." in leading.text
        told = text_of(session, "meetings/notes", ada)
        assert "We **agreed** much." in told
        assert "Ask the hubs for figures. Ada Member, by 20 February 2027." in told
        leading.open(here)
        assert "Send to the group" not in leading.text
        with pytest.raises(AlreadyCirculated):
            papers.circulate(
                session, group_id=group.id, session_key=key, actor=Actor(1, "x"), now=NOW
            )


def test_its_owner_says_what_became_of_a_decision(session, group, chair, ada, as_person):
    key = call(session, group, chair).key
    actor = Actor(chair.id, chair.name)
    for words in ("First", "Second"):
        deciding.decide(
            session,
            group_id=group.id,
            session_key=key,
            plan=DecisionPlan(words, ada.key, date(2027, 1, 10)),
            actor=actor,
            now=NOW,
        )
    session.commit()
    assert [row.is_late for row in decisions_of_person(session, ada.id, now=NOW)] == [True, True]
    member = as_person(ada)
    assert "First" in member.open("/account").text
    member.open("/groups/circle/decisions")
    assert "2 open decisions" in member.text
    member.send("/close", outcome="", changed="yes")
    assert member.page.status_code == 422
    assert "Say what it was changed to" in member.text
    member.send("/close", outcome="We ask the schools instead", changed="yes")
    assert "Changed, with your words." in member.text
    member.send("/close")
    assert "Everything that was decided is done." in member.text
    states = session.scalars(select(Decision.state).order_by(Decision.id)).all()
    assert states == [DecisionState.CHANGED, DecisionState.DONE]
    leading = as_person(chair)
    leading.open("/groups/circle/decisions")
    leading.send("/reopen")
    assert "1 open decision" in leading.text


def test_others_cannot_close_a_decision(session, group, chair, ada, as_person):
    key = call(session, group, chair).key
    made = deciding.decide(
        session,
        group_id=group.id,
        session_key=key,
        plan=DecisionPlan("Mine", chair.key),
        actor=Actor(chair.id, chair.name),
        now=NOW,
    )
    session.commit()
    member = as_person(ada)
    member.open("/groups/circle/decisions")
    tokens = {"csrf_token": dict(member.forms()[-1].fields)["csrf_token"], "once": "k" * 32}
    path = f"/groups/circle/decisions/{made.key}/close"
    assert member.client.post(path, data=tokens).status_code == 404
    assert session.scalars(select(Decision.state)).one() is DecisionState.OPEN


def test_an_owner_is_somebody_of_the_group(session, group, chair):
    key = call(session, group, chair).key
    outside = make_member(session)
    with pytest.raises(NotTheirs):
        deciding.decide(
            session,
            group_id=group.id,
            session_key=key,
            plan=DecisionPlan("X", outside.key),
            actor=Actor(chair.id, "C"),
            now=NOW,
        )


def test_two_who_write_notes_at_once_lose_nothing(session, group, chair, leading):
    key = call(session, group, chair).key
    here = f"/groups/circle/meetings/{key}/notes"
    leading.open(here)
    second = leading.form("/notes")
    leading.send("/notes", notes="Theirs")
    second.fields = [(n, "Mine" if n == "notes" else v) for n, v in second.fields]
    leading.page = leading._submit(second, second.fields)
    assert leading.page.status_code == 409
    assert "Theirs" in leading.text
    assert "Mine" in leading.text
    leading.send("/notes")
    session.expire_all()
    assert session.scalars(select(Meeting.notes)).one() == "Mine"


def test_writing_the_agenda_does_not_disturb_who_writes_notes(session, group, chair, leading):
    key = call(session, group, chair).key
    here = f"/groups/circle/meetings/{key}"
    leading.open(f"{here}/notes")
    open_form = leading.form("/notes")
    leading.open(f"{here}/agenda")
    leading.send("/agenda", items="New")
    open_form.fields = [(n, "Mine" if n == "notes" else v) for n, v in open_form.fields]
    leading.page = leading._submit(open_form, open_form.fields)
    assert leading.page.status_code == 200
    session.expire_all()
    assert session.scalars(select(Meeting.notes)).one() == "Mine"


def test_a_date_added_at_the_desk_is_a_meeting_too(session, group, leading):
    papers.save_standing(
        session, group_id=group.id, titles=[EQUALITY], actor=Actor(None, "x"), now=NOW
    )
    event = make_group_event(session, group, sessions=2, title="Twice")
    leading.open(f"/groups/circle/meetings/{event.sessions[1].key}")
    assert EQUALITY in leading.text
    assert session.scalars(select(Meeting)).all() == []


def test_the_desk_says_which_events_only_a_group_sees(session, group, chair, as_person):
    call(session, group, chair)
    make_event(session, title="For all")
    desk = as_person(make_coordinator(session))
    for address in ("/desk/events", "/desk/events?q=Spring", "/desk/find?q=Spring"):
        assert desk.open(address).text.count("For a group") == 1


def test_a_draft_is_nobodys_meeting(session, group, leading):
    event = make_group_event(session, group, status=EventStatus.DRAFT, title="Not yet")
    assert "Not yet" not in leading.open("/groups/circle").text
    assert leading.open(f"/groups/circle/meetings/{event.sessions[0].key}").status_code == 404


def test_a_guest_with_a_place_is_in_the_register(session, group, chair, leading):
    date_called = call(session, group, chair)
    event = session.get(Event, date_called.event_id)
    guest, boss = make_person(session, name="Gil Guest"), make_coordinator(session)
    add_by_hand(
        session,
        event_id=event.id,
        email=guest.email,
        wish=Wish(session_keys=[date_called.key], name="Gil Guest"),
        reason="Speaks",
        actor=Actor(boss.id, "B"),
        now=NOW,
    )
    session.commit()
    assert "Gil Guest" in leading.open(f"/groups/circle/meetings/{date_called.key}/notes").text


@pytest.mark.parametrize("path", ["", "/meetings", "/decisions", "/meetings/{key}"])
def test_as_many_queries_with_one_as_with_thirty(
    session, group, chair, leading, count_queries, path
):
    key = call(session, group, chair).key
    actor = Actor(chair.id, chair.name)

    def decide(number):
        deciding.decide(
            session,
            group_id=group.id,
            session_key=key,
            plan=DecisionPlan(f"D{number}", chair.key),
            actor=actor,
            now=NOW,
        )
        session.commit()

    decide(0)
    address = f"/groups/circle{path}".format(key=key)
    leading.open(address)
    with count_queries() as with_one:
        leading.open(address)
    for number in range(12):
        make_group_event(session, group)
        put_in(session, group, make_person(session))
        decide(number)
    with count_queries() as with_thirty:
        leading.open(address)
    assert len(with_thirty) == len(with_one)
