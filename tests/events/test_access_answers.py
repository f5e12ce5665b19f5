"""What coordinators do with requests about access, and who learns of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.desk.queries.today import today
from netapp.events.errors import AnswerMissing
from netapp.events.models import Mode, RequestState
from netapp.events.operations import changing, sharing
from netapp.events.operations.access_requests import answer_request
from netapp.events.operations.needs_deleting import forget_needs
from netapp.events.queries.catering import catering
from netapp.events.queries.manage import editor_of
from netapp.kernel.errors import NotFound, StaleEdit
from netapp.people.access import Told
from netapp.people.models import ProfileKind
from tests.events.access_scenes import BSL, CAPTIONS, asked, rows, tell
from tests.events.scenes import book, forget_mails, mails
from tests.factories import NOW, make_coordinator, make_event, make_helper, make_member
from tests.people.letters import last_letter


@pytest.fixture
def amara(session):
    return make_member(session, name="Amara Osei", email="amara@example.org")


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field", email="jo@example.org")


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


@pytest.mark.parametrize("way", ["one thing less", "all of it", "the place to another"])
def test_what_was_booked_in_vain_is_said_on_the_desk_without_a_name(
    session, as_person, amara, jo, way, at
):
    event = make_event(session)
    booking = book(session, event, 0, person=amara)
    tell(session, booking, BSL)
    answer(session, event, RequestState.BOOKED)
    if way == "one thing less":
        tell(session, booking)
    elif way == "all of it":
        sharing.withdraw_all(session, person_id=amara.id, now=NOW)
    else:
        forget_needs(session, event, booking, amara.id, NOW)
    session.commit()
    desk = as_person(jo)
    desk.open(f"/desk/events/{event.key}/needs")
    assert desk.text.count("Something you booked is not needed any more") == 1
    assert "Amara" not in desk.text
    with at(NOW + timedelta(days=60)):  # When it is over there is nothing to cancel.
        assert "not needed any more" not in as_person(jo).open(desk.path).text
    lines = session.scalars(select(AuditLine).filter_by(action="request.in_vain")).all()
    assert [(line.actor_name, line.summary) for line in lines] == [
        (
            "Whoever it was about",
            f"An interpreter or captions booked for {event.title}: asked for no more.",
        )
    ]


def test_what_nobody_had_booked_yet_leaves_no_such_word(session, as_person, amara, jo):
    event = make_event(session)
    booking = book(session, event, 0, person=amara)
    tell(session, booking, BSL)
    tell(session, booking)
    desk = as_person(jo)
    desk.open(f"/desk/events/{event.key}/needs")
    assert "not needed any more" not in desk.text


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
    assert "Noted, and the person is told by email." in visitor.text
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
