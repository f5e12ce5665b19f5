"""Interpreters and captions: asked in time or late, answered honestly, told by mail."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.desk.queries.today import today
from netapp.events.errors import AnswerMissing
from netapp.events.models import (
    AccessNeed,
    AccessRequest,
    Attendee,
    Mode,
    RequestKind,
    RequestState,
)
from netapp.events.operations import booking as booking_operations
from netapp.events.operations import changing, preferences, sharing
from netapp.events.operations.access_requests import answer_request
from netapp.events.operations.booking import Party
from netapp.events.operations.naming import Naming, hand_back, name_attendees
from netapp.events.plans import Telling
from netapp.events.policies import asking_ends
from netapp.events.queries.catering import catering
from netapp.events.queries.manage import editor_of
from netapp.events.queries.requests import asked_of
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.people.access import Told
from netapp.people.models import ProfileKind
from tests.events.scenes import book, forget_mails, mails, wish
from tests.factories import NOW, make_coordinator, make_event, make_helper, make_member
from tests.people.letters import last_letter

BSL, CAPTIONS = RequestKind.BSL, RequestKind.CAPTIONS
BY = "Ask for a BSL interpreter or live captions by Wednesday 20 January 2027."
LATE = "We may not manage any more to find a BSL interpreter or live captions, but we will try."


@pytest.fixture
def amara(session):
    return make_member(session, name="Amara Osei", email="amara@example.org")


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org")


def tell(session, booking, *kinds, now=NOW, **more):
    preferences.tell_needs(
        session, booking_id=booking.id, telling=Telling(asks=frozenset(kinds), **more), now=now
    )
    session.commit()


def rows(session, table=AccessRequest):
    session.expire_all()
    return session.scalars(select(table).order_by(table.id)).all()


def asked(session):
    return [
        (each.kind, each.request.state, each.answer) for each in asked_of(session, rows(session))
    ]


def answer(session, event, state, words="", *, version=1, number=0, now=NOW):
    row = rows(session)[number]
    answer_request(
        session,
        event_id=event.id,
        key=row.key,
        state=state,
        answer=words,
        seen_version=version,
        actor=Actor(None, "Jo Field"),
        now=now,
    )
    session.commit()


def test_the_page_of_the_event_says_until_when(session, visitor, at):
    event = make_event(session, slug="it")
    visitor.open("/events/it")
    assert visitor.text.count(BY) == 2  # With the facts, and where it is asked for.
    last = asking_ends(event, event.sessions[0])
    with at(last - timedelta(minutes=1)):
        visitor.open("/events/it")
        assert BY in visitor.text
    with at(last):
        visitor.open("/events/it")
        assert BY not in visitor.text
        assert LATE in visitor.text


def test_of_several_dates_the_next_that_is_in_time_is_named(session, visitor, at):
    event = make_event(session, slug="it", sessions=2)
    with at(asking_ends(event, event.sessions[0])):
        visitor.open("/events/it")
    assert (
        "Ask for a BSL interpreter or live captions by Wednesday 27 January 2027 for Wednesday 17 "
        "February 2027. For dates before that it is late: we will try." in visitor.text
    )


def test_the_days_are_a_setting_of_the_event(session, visitor, sign_in, jo, as_person):
    event = make_event(session, slug="it")
    sign_in(jo)
    visitor.open(f"/desk/events/{event.key}/access")
    assert dict(visitor.form("/access").fields)["ask_days"] == "21"
    visitor.send("/access", ask_days="10")
    stranger = as_person(None)
    stranger.open("/events/it")
    assert "live captions by Sunday 31 January 2027." in stranger.text
    visitor.send("/access", ask_days="three")
    assert visitor.page.status_code == 422


def test_asked_while_booking_it_is_sealed_and_shown_on_the_booking(session, as_person, amara):
    make_event(session, slug="it")
    mine = as_person(amara)
    mine.open("/events/it")
    mine.send("/events/it/bookings", ask=["bsl"])  # The tick is the request: it needs no other.
    assert asked(session) == [(BSL, RequestState.NEW, "")]
    assert b"bsl" not in rows(session)[0].sealed
    assert "Asked. We look for it, and write to you." in mine.text
    said = "You asked for a BSL interpreter. We look for it, and answer you by mail."
    assert said in mine.text
    assert mails(session, to=amara) == ["events/booking_confirmed"]
    assert said in " ".join(last_letter(session, amara.email).split())


def test_asked_later_and_taken_back_on_the_page_of_the_booking(session, as_person, amara):
    booking = book(session, make_event(session), 0, person=amara)
    mine = as_person(amara)
    mine.open(f"/bookings/{booking.reference}")
    assert BY in mine.text
    mine.send("/needs", ask=["bsl", "captions"], needs_agreed="y")
    assert [kind for kind, _, _ in asked(session)] == [BSL, CAPTIONS]
    mine.send("/needs", ask=["captions"], needs_agreed="y")
    assert [kind for kind, _, _ in asked(session)] == [CAPTIONS]
    mine.send("/needs", delete="yes")
    assert asked(session) == []


def test_late_it_is_asked_all_the_same(session, as_person, amara):
    event = make_event(session, starts_at=NOW + timedelta(days=10))
    booking = book(session, event, 0, person=amara)
    mine = as_person(amara)
    mine.open(f"/bookings/{booking.reference}")
    assert LATE in mine.text
    mine.send("/needs", ask=["bsl"], needs_agreed="y")
    assert asked(session) == [(BSL, RequestState.NEW, "")]


def test_sharing_a_profile_that_names_an_interpreter_asks_for_one(session, amara):
    sharing.save_profile(
        session,
        person_id=amara.id,
        told={ProfileKind.ACCESS: Told(("bsl", "breaks"))},
        seen_versions={},
        now=NOW,
    )
    booking = book(session, make_event(session), 0, person=amara)
    tell(session, booking, shares_access=True)
    assert [kind for kind, _, _ in asked(session)] == [BSL]
    sharing.save_profile(
        session,
        person_id=amara.id,
        told={ProfileKind.ACCESS: Told(("captions",))},
        seen_versions={ProfileKind.ACCESS: 1},
        now=NOW,
    )
    session.commit()
    assert [kind for kind, _, _ in asked(session)] == [CAPTIONS]


def test_it_is_a_thing_to_do_today_until_it_is_answered(session, amara):
    event = make_event(session, title="Chaos")
    tell(session, book(session, event, 0, person=amara), BSL)
    todo = today(session, first_name="Jo", now=NOW).todos[0]
    assert todo.title == "1 request for an interpreter or captions"
    assert todo.words.endswith("People ask by Wednesday 20 January 2027.")
    late = today(session, first_name="Jo", now=NOW + timedelta(days=10)).todos[0]
    assert late.words.endswith("It was to be asked for by Wednesday 20 January 2027.")
    assert todo.acts[0].href == f"/desk/events/{event.key}/needs"
    answer(session, event, RequestState.BOOKED)
    titles = [todo.title for todo in today(session, first_name="Jo", now=NOW).todos]
    assert not [title for title in titles if "request" in title]


def test_one_person_is_one_thing_to_do_and_none_once_all_is_answered(session, amara):
    """Captions by sharing a profile: a request, and something to read, of the same person."""
    event, ben = make_event(session, title="Chaos"), make_member(session, name="Ben")
    for person, ticks in ((amara, ("captions",)), (ben, ("captions", "breaks"))):
        told = {ProfileKind.ACCESS: Told(ticks)}
        sharing.save_profile(session, person_id=person.id, told=told, seen_versions={}, now=NOW)
        tell(session, book(session, event, 0, person=person), shares_access=True)

    def seen():
        found = today(session, first_name="Jo", now=NOW)
        return [todo.title for todo in found.todos][:-1], found.coming[0].needs

    assert seen() == (["2 requests for an interpreter or captions"], 2)
    session.refresh(event, ["sessions"])
    assert editor_of(session, event, NOW).needs == 2  # On the tab, too.
    answer(session, event, RequestState.BOOKED)
    assert seen() == (["1 request for an interpreter or captions"], 1)
    answer(session, event, RequestState.BOOKED, number=1)
    assert seen() == (["1 person said what would help them take part"], 1)  # Ben needs breaks.


def test_a_request_of_a_booking_that_ended_is_nothing_to_do(session, amara):
    booking = book(session, make_event(session), 0, person=amara)
    tell(session, booking, BSL)
    changing.cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    titles = [todo.title for todo in today(session, first_name="Jo", now=NOW).todos]
    assert titles == ["Nobody is named for safeguarding"]


def test_booked_is_told_by_mail(session, as_person, amara):
    event = make_event(session, title="Chaos")
    booking = book(session, event, 0, person=amara)
    tell(session, booking, BSL)
    forget_mails(session)
    answer(session, event, RequestState.BOOKED, "Her name is Ada.")
    assert mails(session, to=amara) == ["events/request_answered"]
    text = " ".join(last_letter(session, amara.email).split())
    assert "You asked for a BSL interpreter at Chaos. It is booked." in text
    assert "Her name is Ada." in text
    mine = as_person(amara)
    mine.open(f"/bookings/{booking.reference}")
    assert "Booked. Her name is Ada." in mine.text
    assert [(line.action, "BSL" in line.summary) for line in rows(session, AuditLine)] == [
        ("request.booked", False)
    ]


def test_not_possible_needs_words(session, amara):
    event = make_event(session)
    tell(session, book(session, event, 0, person=amara), CAPTIONS)
    forget_mails(session)
    with pytest.raises(AnswerMissing):
        answer(session, event, RequestState.NOT_POSSIBLE)
    session.rollback()
    answer(session, event, RequestState.NOT_POSSIBLE, "Nobody is free. We record it for you.")
    assert asked(session) == [
        (CAPTIONS, RequestState.NOT_POSSIBLE, "Nobody is free. We record it for you.")
    ]
    text = " ".join(last_letter(session, amara.email).split())
    assert "We are sorry: it is not possible this time." in text
    assert "Nobody is free. We record it for you." in text


def test_two_who_answer_at_once_do_not_both(session, amara):
    event = make_event(session)
    tell(session, book(session, event, 0, person=amara), BSL)
    answer(session, event, RequestState.BOOKED)
    with pytest.raises(StaleEdit):
        answer(session, event, RequestState.NOT_POSSIBLE, "No", version=1)
    session.rollback()
    answer(session, event, RequestState.NOT_POSSIBLE, "She fell ill.", version=2)
    assert mails(session, to=amara).count("events/request_answered") == 2


def test_withdrawn_nobody_answers_it(session, amara):
    event = make_event(session)
    booking = book(session, event, 0, person=amara)
    tell(session, booking, BSL)
    key = rows(session)[0].key
    tell(session, booking)
    with pytest.raises(NotFound):
        answer_request(
            session,
            event_id=event.id,
            key=key,
            state=RequestState.BOOKED,
            answer="",
            seen_version=1,
            actor=Actor(None, "Jo"),
            now=NOW,
        )


def test_taken_back_after_it_was_booked_who_arranges_it_is_told(session, amara, jo):
    event = make_event(session)
    booking = book(session, event, 0, person=amara)
    tell(session, booking, BSL)
    answer(session, event, RequestState.BOOKED)
    forget_mails(session)
    tell(session, booking)
    assert mails(session) == ["events/needs_changed"]
    assert "you may no longer need it" in " ".join(last_letter(session, jo.email).split())


def test_the_desk_reads_answers_and_each_reading_is_written_down(
    session, visitor, sign_in, jo, amara
):
    event = make_event(session, title="Chaos")
    tell(session, book(session, event, 0, person=amara), BSL, needs="A seat in front")
    sign_in(jo)
    visitor.open(f"/desk/events/{event.key}/needs")
    assert "Amara" not in visitor.text
    assert "1 request for an interpreter or captions: 1 still to answer." in visitor.text
    visitor.send("/needs")
    assert "BSL interpreter for Amara Osei" in visitor.text
    key = rows(session)[0].key
    visitor.send(f"/needs/requests/{key}", state="not_possible", answer="")
    assert visitor.page.status_code == 422
    assert "Write why it is not possible." in visitor.text
    visitor.send(f"/needs/requests/{key}", state="not_possible", answer="Nobody is free.")
    assert "Noted, and the person is told by mail." in visitor.text
    assert "all answered" in visitor.text
    actions = [line.action for line in rows(session, AuditLine)]
    assert actions == ["need.read", "request.read"] * 2 + ["request.not_possible"]


def test_the_same_answer_sent_twice_is_one_mail(session, visitor, sign_in, jo, amara):
    event = make_event(session)
    tell(session, book(session, event, 0, person=amara), BSL)
    sign_in(jo)
    visitor.open(f"/desk/events/{event.key}/needs")
    visitor.send("/needs")
    form = visitor.form(rows(session)[0].key)
    fields = dict(form.fields) | {"state": "booked"}
    codes = [visitor.client.post(form.action, data=fields).status_code for _ in range(3)]
    assert codes == [303, 303, 303]
    assert mails(session, to=amara).count("events/request_answered") == 1


def test_helpers_who_may_not_read_have_no_such_page(session, as_person):
    event = make_event(session)
    helper = make_helper(session, event, make_member(session, name="Bo Hall"))
    reader = make_coordinator(session, name="Jo Field")
    for visitor, known in ((as_person(helper), False), (as_person(reader), True)):
        answers = [
            visitor.client.get(f"/desk/events/{event.key}/needs{path}").status_code
            for path in ("", "/catering", "/catering.csv")
        ]
        assert answers == ([200, 303, 303] if known else [404, 404, 404])


def test_caterers_get_numbers_for_each_date_and_no_names(session, visitor, sign_in, jo):
    event = make_event(session, sessions=2, mode=Mode.IN_PERSON, title="Chaos")
    for name, food, dates in (
        ("Ana Bell", Told(("vegan",), "No coriander"), (0, 1)),
        ("Cy Dean", Told(("vegan", "no-nuts")), (0,)),
        ("Di Eves", Told(), (0,)),
    ):
        booking = book(session, event, *dates, person=make_member(session, name=name))
        tell(session, booking, food=food)
    sign_in(jo)
    visitor.open(f"/desk/events/{event.key}/needs")
    visitor.send("/needs/catering")
    first, second = catering(session, event, NOW)
    assert (first.people, first.told, second.people, second.told) == (3, 2, 1, 1)
    assert [(each.words, each.number) for each in first.counts] == [
        ("Vegan", 2),
        ("Nut allergy", 1),
    ]
    assert first.texts == ("No coriander",)
    assert "3 people in person. 2 of them told us about food." in visitor.text
    assert not any(name in visitor.text for name in ("Ana", "Cy", "Dean"))
    page = visitor.send("/needs/catering.csv")
    assert page.text.lstrip("\ufeff").splitlines()[:4] == [
        "Date,What,How many",
        "Wednesday 10 February 2027,In person,3",
        "Wednesday 10 February 2027,Vegan,2",
        "Wednesday 10 February 2027,Nut allergy,1",
    ]
    assert [line.action for line in rows(session, AuditLine)] == ["need.count", "need.count"]


def test_food_is_asked_where_people_meet_and_counted_of_those_in_person(session, as_person):
    make_event(session, slug="online")
    make_event(session, slug="there", mode=Mode.IN_PERSON)
    guest = as_person(None)
    guest.open("/events/online")
    assert "food" not in guest.form("/bookings").names
    guest.open("/events/there")
    guest.send(
        "/events/there/bookings",
        name="Sam Okoro",
        email="sam@example.org",
        food=["halal"],
        food_text="No eggs",
        needs_agreed="y",
    )
    need = rows(session, AccessNeed)[0]
    assert (need.kind, need.shared_at) == (ProfileKind.FOOD, None)
    assert b"halal" not in need.sealed


def test_somebody_named_tells_for_themselves_and_the_booker_does_not_see_it(
    session, as_person, amara
):
    event = make_event(session, mode=Mode.IN_PERSON)
    booking = booking_operations.book(
        session,
        event_id=event.id,
        person=amara,
        wish=wish(event, 0, name="Amara Osei", party=Party(2, organisation="School")),
        now=NOW,
    )
    session.commit()
    sam = make_member(session, name="Sam Okoro", email="sam@example.org")
    other = session.scalars(select(Attendee).where(Attendee.name == "")).one()
    naming = Naming(other.key, "Sam Okoro", "sam@example.org")
    name_attendees(session, booking_id=booking.id, names=[naming], now=NOW)
    session.commit()
    his = as_person(sam)
    his.open(f"/bookings/{booking.reference}/places/{other.key}")
    his.open(f"/bookings/{booking.reference}/places/{other.key}/needs")
    his.send("/needs", needs="A ramp", food=["vegan"], ask=["bsl"], needs_agreed="y")
    assert "We have kept what you told us" in his.text
    assert [need.person_id for need in rows(session, AccessNeed)] == [sam.id, sam.id]
    hers = as_person(amara)
    hers.open(f"/bookings/{booking.reference}")
    assert "A ramp" not in hers.text
    hers.open(f"/bookings/{booking.reference}/places/{other.key}/needs")
    assert hers.page.status_code == 404

    hand_back(session, booking_id=booking.id, attendee_key=other.key, now=NOW)
    session.commit()
    assert (rows(session, AccessNeed), rows(session)) == ([], [])
