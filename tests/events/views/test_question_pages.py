"""Answering what an event asks: on the page of a booking, by the link in the mail, for a party."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.links import booking_key, place_key
from netapp.events.models import BookingEntry, QuestionKind
from netapp.events.operations.naming import Naming, name_attendees
from netapp.events.operations.question_library import edit_question
from netapp.events.question_plans import WordingPlan
from netapp.kernel.site import site_of
from tests.events.asked import ACTOR, answer, answers, ask, attendee, question
from tests.events.scenes import book
from tests.events.test_naming import book_party
from tests.events.views.pages import heading, section, words
from tests.factories import NOW, make_event, make_guest, make_member

AHEAD = NOW + timedelta(days=30, hours=2)
INSTRUMENT = "Which instrument do you bring?"
EATS = "Do you have lunch with us?"
MEAL = "Which meal?"
PHOTOS = "We may show photographs of me."
MEALS = ("Soup", "Salad")


@pytest.fixture
def event(session):
    return make_event(session, title="Working With Chaos")


@pytest.fixture
def amara(session, sign_in):
    return sign_in(make_member(session, name="Amara Osei"))


@pytest.fixture
def link(app):
    """The address in the mail, to the questions or to another page of the booking."""

    def _link(booking, path="/questions"):
        key = booking_key(app.extensions["site"], booking)
        return f"/bookings/{booking.reference}{path}?key={key}"

    return _link


def lunch(session, event):
    eats = ask(session, event, EATS, QuestionKind.YES_NO)
    meal = ask(
        session, event, MEAL, QuestionKind.CHOICE, *MEALS,
        only_if=eats, only_if_value="yes", required=True,
    )  # fmt: skip
    return f"q-{eats.key}", f"q-{meal.key}"


def errors(page_text):
    return section(page_text, 'id="error-summary-title">', "</div>")


def test_the_page_of_the_booking_says_how_many_and_until_when(session, visitor, amara, event):
    ask(session, event, needed_by_days=7)
    ask(session, event, EATS, QuestionKind.YES_NO)
    visitor.open(f"/bookings/{book(session, event, 0, person=amara).reference}")
    assert section(visitor.text, 'id="questions-title">') == (
        "2 questions for you The organisers need answers by Wednesday 3 February 2027 . "
        "Answer the questions"
    )


def test_nothing_is_said_before_it_is_time(session, visitor, event, link, at):
    ask(session, event, ask_from_days=7)
    booking = book(session, event, 0)
    visitor.open(link(booking, ""))
    assert 'id="questions"' not in visitor.text
    visitor.open(link(booking))
    assert visitor.path == f"/bookings/{booking.reference}"
    with at(AHEAD - timedelta(days=6)):
        visitor.open(link(booking, ""))
        assert 'id="questions"' in visitor.text


def test_answered_by_the_link_in_the_mail(session, visitor, event, link):
    one = ask(session, event)
    booking = book(session, event, 0, person=make_guest(session, name="Ben Adeyemi"))
    visitor.open(link(booking))
    assert heading(visitor.text) == "Questions for you"
    assert "Please answer by Wednesday 10 February 2027, 2pm GMT ." in words(visitor.text)
    assert "It is deleted 12 months after the last date." in words(visitor.text)
    visitor.send(f"/questions/{attendee(session, booking).key}", {f"q-{one.key}": "A cello"})
    assert "Your answers are kept. Thank you." in words(visitor.text)
    assert "The organisers have your answers. See or change them" in words(visitor.text)
    assert answers(session, booking) == ["A cello"]


def test_each_kind_is_read_as_it_is_typed(session, visitor, amara, event):
    kinds = QuestionKind
    typed = {
        (kinds.TEXT, ()): ("A cello", "A cello"),
        (kinds.LONG_TEXT, ()): ("One\r\ntwo", "One\ntwo"),
        (kinds.NUMBER, ()): ("1,200", 1200),
        (kinds.CHOICE, MEALS): ("Soup", "Soup"),
        (kinds.SEVERAL, MEALS): (["Salad", "Soup"], ["Soup", "Salad"]),
        (kinds.YES_NO, ()): ("no", False),
        (kinds.DATE, ()): ("1/2/2027", "2027-02-01"),
        (kinds.CONSENT, ()): ("y", True),
    }
    fields = {}
    for kind, options in typed:
        one = ask(session, event, f"A {kind.value}?", kind, *options, required=True)
        fields[f"q-{one.key}"] = typed[kind, options][0]
    booking = book(session, event, 0, person=amara)
    visitor.open(f"/bookings/{booking.reference}/questions")
    visitor.send(f"/questions/{attendee(session, booking).key}", fields)
    assert answers(session, booking) == [value for _, value in typed.values()]
    visitor.open(f"/bookings/{booking.reference}/questions")
    visitor.send(f"/questions/{attendee(session, booking).key}")  # Sent back as it was shown.
    assert answers(session, booking) == [value for _, value in typed.values()]
    told = session.scalars(select(BookingEntry.what).order_by(BookingEntry.id.desc())).first()
    assert told == "Our questions were answered."  # Nothing has changed since.


def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(session, visitor, amara, event):
    one = ask(session, event)
    number = ask(session, event, "How many?", QuestionKind.NUMBER, required=True)
    meal = ask(session, event, MEAL, QuestionKind.CHOICE, *MEALS)
    booking = book(session, event, 0, person=amara)
    visitor.open(f"/bookings/{booking.reference}/questions")
    form = f"/questions/{attendee(session, booking).key}"
    fields = {f"q-{one.key}": "A cello", f"q-{meal.key}": "Soup"}
    visitor.send(form, fields)
    assert visitor.page.status_code == 422
    assert errors(visitor.text) == "There is something to put right Enter a number, like 24."
    visitor.send(form, {f"q-{number.key}": "many", f"q-{meal.key}": "Pie"})
    assert visitor.page.status_code == 422
    assert 'value="A cello"' in visitor.text
    assert errors(visitor.text) == (
        "There are 2 things to put right Enter a whole number, like 24. Choose from the list."
    )
    assert answers(session, booking) == []


def test_conditions_are_said_and_work_without_script(session, visitor, amara, event):
    eats, meal = lunch(session, event)
    booking = book(session, event, 0, person=amara)
    form = f"/questions/{attendee(session, booking).key}"
    visitor.open(f"/bookings/{booking.reference}/questions")
    assert "If yes to “Do you have lunch with us?”: Which meal?" in words(visitor.text)
    visitor.send(form, {eats: "yes"})
    assert errors(visitor.text) == "There is something to put right Choose one."
    visitor.send(form, {eats: "no", meal: "Soup"})
    assert answers(session, booking) == [False]


def test_what_was_told_before_is_filled_in_to_be_confirmed(session, visitor, amara, event, link):
    library = question(session)
    again = make_event(session, title="Again")
    for each in (event, again):
        ask(session, each, from_library=library)
        ask(session, each, PHOTOS, QuestionKind.CONSENT)
    told = book(session, event, 0, person=amara)
    answer(session, told, {INSTRUMENT: "A cello", PHOTOS: True})
    booking = book(session, again, 0, person=amara)
    visitor.open(f"/bookings/{booking.reference}/questions")
    assert 'value="A cello"' in visitor.text
    assert " checked" not in visitor.text
    assert "Filled in from what you told us for Working With Chaos." in words(visitor.text)
    assert answers(session, booking) == []
    visitor.send(f"/questions/{attendee(session, booking).key}")
    assert answers(session, booking) == ["A cello", False]


def test_a_link_shows_nothing_of_other_events(session, as_person, event, link):
    library = question(session)
    again = make_event(session)
    amara = make_member(session)
    for each in (event, again):
        ask(session, each, from_library=library)
    answer(session, book(session, event, 0, person=amara), {INSTRUMENT: "A cello"})
    stranger = as_person(None)
    stranger.open(link(book(session, again, 0, person=amara)))
    assert stranger.page.status_code == 200
    assert "A cello" not in stranger.text


def test_after_it_is_needed_the_page_says_whom_to_write_to(session, visitor, event, link, at):
    one = ask(session, event, needed_by_days=7)
    booking = book(session, event, 0)
    answer(session, booking, {INSTRUMENT: "A cello"})
    visitor.open(link(booking))
    page = visitor.page
    with at(AHEAD - timedelta(days=6)):
        visitor.send(f"/questions/{attendee(session, booking).key}", {f"q-{one.key}": "Drums"})
        assert visitor.page.status_code == 409
        assert "To change something after all, write to Jo Field ." in words(visitor.text)
        assert f"{INSTRUMENT} A cello" in words(visitor.text)
    assert (page.status_code, answers(session, booking)) == (200, ["A cello"])


def test_other_words_meanwhile_are_shown_with_what_was_typed(session, visitor, amara, event):
    one = ask(session, event)
    booking = book(session, event, 0, person=amara)
    form = f"/questions/{attendee(session, booking).key}"
    visitor.open(f"/bookings/{booking.reference}/questions")
    edit_question(
        session, question_id=one.question_id, wording=WordingPlan("What do you play?"),
        seen_version=1, actor=ACTOR, now=NOW,
    )  # fmt: skip
    session.commit()
    visitor.send(form, {f"q-{one.key}": "A cello"})
    assert visitor.page.status_code == 409
    assert "What do you play?" in words(visitor.text)
    assert 'value="A cello"' in visitor.text
    visitor.send(form)
    assert answers(session, booking) == ["A cello"]


def test_the_booker_of_a_party_answers_for_each_or_for_all(session, visitor, amara, event):
    one = ask(session, event)
    party = book_party(session, event, person=amara)
    visitor.open(f"/bookings/{party.reference}")
    assert "Questions for your people" in section(visitor.text, 'id="questions-title">')
    visitor.open(f"/bookings/{party.reference}/questions")
    assert heading(visitor.text) == "Questions for your people"
    second = attendee(session, party, 1)
    visitor.open(f"/bookings/{party.reference}/questions/{second.key}")
    visitor.send(f"/questions/{second.key}", {f"q-{one.key}": "Drums"})
    assert visitor.path == f"/bookings/{party.reference}/questions"
    assert words(visitor.text).count("1 question open") == 2
    first = attendee(session, party, 0)
    visitor.open(f"/bookings/{party.reference}/questions/{first.key}")
    assert "Save, and the same for Person 3" in words(visitor.text)
    visitor.send(f"/questions/{first.key}", {f"q-{one.key}": "A cello", "all": "yes"})
    assert "Your answers are kept. So are the same for 1 other. Thank you." in words(visitor.text)
    assert [answers(session, party, n) for n in range(3)] == [["A cello"], ["Drums"], ["A cello"]]


def test_whoever_was_named_answers_for_themselves_alone(session, as_person, app, event):
    one = ask(session, event)
    ask(session, event, PHOTOS, QuestionKind.CONSENT)
    jo = make_member(session, name="Jo Field")
    party = book_party(session, event, person=jo, places=2)
    sam = attendee(session, party, 1)
    naming = Naming(sam.key, "Sam Okoro", "sam@example.org")
    name_attendees(session, booking_id=party.id, names=[naming], now=NOW)
    session.commit()
    key = place_key(site_of(session), party, sam)
    stranger, booker = as_person(None), as_person(jo)
    here = f"/bookings/{party.reference}"
    stranger.open(f"{here}/places/{sam.key}?key={key}")
    assert "2 questions for you" in section(stranger.text, 'id="questions-title">')
    stranger.open(f"{here}/questions/{sam.key}?key={key}")
    stranger.send(f"/questions/{sam.key}", {f"q-{one.key}": "Drums"})
    assert stranger.path == f"{here}/places/{sam.key}"
    assert answers(session, party, 1) == ["Drums", False]
    for path in ("/questions", f"/questions/{attendee(session, party, 0).key}"):
        assert stranger.open(f"{here}{path}?key={key}").status_code == 404
    booker.open(f"{here}/questions")
    assert "Sam Okoro Answered" in words(booker.text)
    booker.open(f"{here}/questions/{sam.key}")
    assert "Drums" not in booker.text


@pytest.mark.parametrize("path", ["/questions", "/questions/PERSON"])
def test_it_is_nobody_elses(session, as_person, amara, event, path):
    ask(session, event)
    booking = book(session, event, 0, person=amara)
    path = path.replace("PERSON", attendee(session, booking).key)
    for who in (None, make_member(session)):
        visitor = as_person(who)
        address = f"/bookings/{booking.reference}{path}"
        assert visitor.open(f"{address}?key=wrong").status_code == 404
        assert visitor.open(f"/bookings/NO-SUCH{path}").status_code == 404


def test_a_person_who_is_not_on_the_booking(session, visitor, amara, event):
    ask(session, event)
    booking = book(session, event, 0, person=amara)
    for key in ("nobody", "%00", "x" * 40):
        answer_to = visitor.client.get(f"/bookings/{booking.reference}/questions/{key}")
        assert answer_to.status_code in (303, 404)
