"""Questions on the desk: the library, what an event asks, what was answered, tables of it."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.models import EventQuestion, Question, QuestionKind
from netapp.events.operations.question_library import edit_question
from netapp.events.queries.manage_answers import event_questions
from netapp.events.queries.question_library import library
from netapp.events.queries.questions import questions_of
from netapp.events.question_plans import WordingPlan
from tests.events.asked import ACTOR, answer, ask, question
from tests.events.manage.plans import lines
from tests.events.scenes import book, fill, forget_mails, mails
from tests.events.test_naming import book_party
from tests.events.views.pages import heading, section, words
from tests.factories import NOW, make_event, make_helper, make_person

INSTRUMENT = "Which instrument do you bring?"
EATS = "Do you have lunch with us?"
MEAL = "Which meal?"
MEALS = ("Soup", "Salad")


@pytest.fixture
def event(session, now_there):
    return now_there(make_event(session, title="Chaos", slug="chaos"))


def tab(event, path=""):
    return f"/desk/events/{event.key}/questions{path}"


def errors(page_text):
    return section(page_text, 'id="error-summary-title">', "</div>")


def asked(session, event):
    """What the event asks, in order."""
    return [each.words for each in questions_of(session, event.id)]


def test_a_question_is_added_to_the_library(desk, session):
    desk.open("/desk/questions")
    assert "No questions yet." in words(desk.text)
    desk.open("/desk/questions/new")
    desk.send("/questions/new", words=MEAL, kind="choice", options="Soup\n\n Salad \nSoup")
    assert desk.path == "/desk/questions"
    assert "Which meal? One of several answers Soup, Salad Asked by no event" in words(desk.text)
    (row,) = library(session)
    assert (row.kind, row.options, row.version) == (QuestionKind.CHOICE, MEALS, 1)
    assert lines(session) == [("question.add", f"Added the question “{MEAL}” to the library.", "")]


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"words": ""}, "Write the question, like Which instrument do you bring?"),
        ({"words": MEAL, "kind": "several"}, "Write at least two answers, one on each line."),
        (
            {"words": MEAL, "kind": "choice", "options": "x" * 201 + "\ny"},
            "Shorten each answer to 200 characters.",
        ),
        ({"words": MEAL, "kind": "nonsense"}, "Not a valid choice."),
    ],
)
def test_a_question_that_is_none(desk, session, fields, wrong):
    desk.open("/desk/questions/new")
    desk.send("/questions/new", fields)
    assert desk.page.status_code == 422
    assert wrong in errors(desk.text)
    assert library(session) == []


def test_other_words_are_a_new_wording_and_the_old_ones_are_told(desk, session, event):
    one = ask(session, event)
    answer(session, book(session, event, 0), {INSTRUMENT: "A cello"})
    question(session, EATS)
    assert [(row.words, row.events, row.answers) for row in library(session)] == [
        (EATS, 0, 0),
        (INSTRUMENT, 1, 1),
    ]
    key = session.get_one(Question, one.question_id).key
    desk.open(f"/desk/questions/{key}")
    assert heading(desk.text) == INSTRUMENT
    assert "Chaos" in section(desk.text, 'id="where-title"')
    desk.send(f"/questions/{key}", words="What do you play?")
    assert heading(desk.text) == "What do you play?"
    assert f"{INSTRUMENT} 1 answer" in section(desk.text, 'id="former-title"')
    desk.open(tab(event, f"/{one.key}"))
    assert f"A cello Asked as “{INSTRUMENT}”" in words(desk.text)


def test_two_who_change_the_words_at_once(desk, session):
    one = question(session)
    desk.open(f"/desk/questions/{one.key}")
    edit_question(
        session, question_id=one.id, wording=WordingPlan("Theirs?"), seen_version=1,
        actor=ACTOR, now=NOW,
    )  # fmt: skip
    session.commit()
    desk.send(f"/questions/{one.key}", words="Mine?")
    assert desk.page.status_code == 409
    assert "There now: “Theirs?”." in errors(desk.text)
    desk.send(f"/questions/{one.key}")
    assert heading(desk.text) == "Mine?"


def test_an_option_on_which_a_question_hangs_stays(desk, session, event):
    meal = ask(session, event, MEAL, QuestionKind.CHOICE, *MEALS)
    ask(session, event, "Hot or cold?", only_if=meal, only_if_value="Soup")
    key = session.get_one(Question, meal.question_id).key
    desk.open(f"/desk/questions/{key}")
    desk.send(f"/questions/{key}", options="Salad\nPie")
    assert desk.page.status_code == 422
    assert "Keep the option “Soup”: in Chaos another question" in errors(desk.text)


def test_retired_and_brought_back(desk, session, event):
    one = question(session)
    desk.open(f"/desk/questions/{one.key}")
    desk.send("/retire")
    assert "Retired" in section(desk.text, "<h1>", "</div></div>")
    desk.open(tab(event))
    assert INSTRUMENT not in desk.text
    desk.open(f"/desk/questions/{one.key}")
    desk.send("/return")
    desk.open(tab(event))
    assert INSTRUMENT in desk.text


def test_an_event_takes_a_question_and_says_when(desk, session, event):
    one = question(session)
    desk.open(tab(event))
    assert "This event asks nothing yet." in words(desk.text)
    desk.send(tab(event), question=one.key)
    assert "Say when it is asked, and whom." in words(desk.text)
    desk.send("/change", ask_from_days="14", needed_by_days="7", required="y")
    assert desk.path == tab(event)
    assert (
        f"{INSTRUMENT} A few words Must be answered From 14 days before, until 7 days before."
    ) in words(desk.text)
    assert [line[1] for line in lines(session)][1:] == [
        f"Asks now in Chaos: “{INSTRUMENT}”",
        f"Changed when is asked in Chaos: “{INSTRUMENT}”",
    ]


def test_a_new_question_that_hangs_on_another(desk, session, event):
    eats = ask(session, event, EATS, QuestionKind.YES_NO, ask_from_days=14)
    desk.open(tab(event, "/new"))
    fields = {
        "words": MEAL, "kind": "choice", "options": "Soup\nSalad",
        "only_if": f"{eats.key}=yes",
    }  # fmt: skip
    desk.send("/questions/new", fields)
    assert desk.page.status_code == 422
    assert f"“{EATS}” is asked 14 days before: ask this no earlier." in errors(desk.text)
    desk.send("/questions/new", fields | {"ask_from_days": "14", "needed_by_days": "20"})
    assert "Ask before the answer is needed, or on the same day." in errors(desk.text)
    desk.send("/questions/new", fields | {"ask_from_days": "14", "needed_by_days": ""})
    assert f"Only after yes to “{EATS}”." in words(desk.text)
    assert asked(session, event) == [EATS, MEAL]
    assert {row.words for row in library(session)} == {EATS, MEAL}


def test_the_order_and_what_forbids_it(desk, session, event):
    eats = ask(session, event, EATS, QuestionKind.YES_NO)
    meal = ask(session, event, MEAL, only_if=eats, only_if_value="yes")
    other = ask(session, event)
    desk.open(tab(event))
    desk.send(f"/{other.key}/move", way="up")
    assert asked(session, event) == [EATS, INSTRUMENT, MEAL]
    desk.send(f"/{other.key}/move", way="up")
    desk.send(f"/{eats.key}/move", way="down")
    assert asked(session, event) == [INSTRUMENT, EATS, MEAL]
    desk.send(f"/{meal.key}/move", way="up")
    assert "A question can only hang on one that comes before it" in words(desk.text)
    desk.open(tab(event, f"/{eats.key}/change"))
    desk.send(f"/{eats.key}/end")
    assert "Another question is asked only after this one." in words(desk.text)


def test_ended_with_its_answers_and_asked_again(desk, session, event):
    one = ask(session, event)
    answer(session, book(session, event, 0), {INSTRUMENT: "A cello"})
    desk.open(tab(event, f"/{one.key}/change"))
    desk.send(f"/{one.key}/end")
    assert "Nobody is asked any more. Its answers are kept." in words(desk.text)
    assert f"{INSTRUMENT} A few words Not asked any more 1 answered" in words(desk.text)
    desk.send(f"/{one.key}/again")
    assert asked(session, event) == [INSTRUMENT]


def test_two_who_change_when_it_is_asked(desk, session, event):
    one = ask(session, event)
    desk.open(tab(event, f"/{one.key}/change"))
    session.get_one(EventQuestion, one.id).ask_from_days = 3
    session.commit()
    desk.send("/change", ask_from_days="14")
    assert desk.page.status_code == 409
    assert "There now: From 3 days before, until it begins." in errors(desk.text)
    desk.send("/change")
    assert "From 14 days before, until it begins." in words(desk.text)


def counted(text):
    """The counts of a page, answer by answer."""
    return section(text, "<caption", "</table>").partition("How many ")[2].partition("How many ")[2]


def test_choices_are_counted(desk, session, event):
    meal = ask(session, event, MEAL, QuestionKind.SEVERAL, *MEALS, "Pie")
    for told in (["Soup"], ["Soup", "Salad"], None):
        answer(session, book(session, event, 0), {MEAL: told})
    desk.open(tab(event, f"/{meal.key}"))
    assert counted(desk.text) == "Soup 2 Salad 1 Pie 0"
    assert "1 person left it empty." in words(desk.text)


def test_numbers_are_summed(desk, session, event):
    one = ask(session, event, "How many?", QuestionKind.NUMBER)
    for told in (1200, 34):
        answer(session, book(session, event, 0), {"How many?": told})
    desk.open(tab(event, f"/{one.key}"))
    assert "Together 1,234 ." in words(desk.text)


def test_texts_are_listed_and_who_is_missing_is_reminded(desk, session, event):
    one = ask(session, event)
    ana, ben = (
        book(session, event, 0, person=make_person(session, name=name))
        for name in ("Ana Bell", "Ben Cole")
    )
    answer(session, ana, {INSTRUMENT: "=cello"})
    forget_mails(session)
    desk.open(tab(event, f"/{one.key}"))
    assert "Ana Bell =cello" in words(desk.text)
    assert section(desk.text, 'id="missing-title">') == (
        "1 person has not answered Remind this person One mail each, with all that they have not "
        "answered. Nobody gets a second one within a day. Ben Cole"
    )
    desk.send("/remind")
    assert mails(session) == ["events/questions"]
    assert "1 mail on the way." in words(desk.text)
    desk.send("/remind")
    assert "so nobody was reminded" in words(desk.text)
    assert len(mails(session)) == 1
    assert ben.reference in desk.text


def test_who_is_asked_later_or_not_at_all_is_not_missing(desk, session, event):
    eats = ask(session, event, EATS, QuestionKind.YES_NO)
    meal = ask(session, event, MEAL, only_if=eats, only_if_value="yes")
    later = ask(session, event, ask_from_days=7)
    answer(session, book(session, event, 0), {EATS: False})
    desk.open(tab(event, f"/{meal.key}"))
    assert "So far it is not for 1 person, by their other answers." in words(desk.text)
    desk.open(tab(event, f"/{later.key}"))
    assert "Nobody is missing 1 person is asked later." in words(desk.text)


def test_the_list_of_bookings_says_what_is_not_answered(desk, session, event):
    ask(session, event)
    ask(session, event, EATS, QuestionKind.YES_NO)
    book(session, event, 0, person=make_person(session, name="Ana Bell"))
    desk.open(f"/desk/events/{event.key}/bookings")
    assert "Ana Bell 2 questions not answered" in words(desk.text)


def test_answers_stand_on_the_booking_and_in_the_table(desk, session, event):
    meal = ask(session, event, MEAL, QuestionKind.SEVERAL, *MEALS)
    ask(session, event)
    ana = make_person(session, name="Ana Bell")
    booking, party = book(session, event, 0, person=ana), book_party(session, event, places=2)
    answer(session, booking, {MEAL: ["Soup", "Salad"], INSTRUMENT: "=1+1"})
    answer(session, party, {MEAL: ["Salad"], INSTRUMENT: None}, number=1)
    desk.open(f"/desk/events/{event.key}/bookings/{party.reference}")
    assert section(desk.text, 'id="told-title">') == (
        f"What they answered Person 2: {MEAL} Salad Person 2: {INSTRUMENT} Left empty"
    )
    desk.open(f"/desk/events/{event.key}/bookings")
    page = desk.send("/bookings.csv")
    rows = list(csv.reader(io.StringIO(page.data.decode("utf-8").removeprefix("\ufeff"))))
    assert rows[0][-2:] == [MEAL, INSTRUMENT]
    assert [row[-2:] for row in rows[1:]] == [["", ""], ["Salad", ""], ["Soup; Salad", "'=1+1"]]
    assert meal.event_id == event.id


def test_a_helper_asks_in_their_event_and_not_in_the_library(session, as_person, event):
    helper = as_person(make_helper(session, event, make_person(session)))
    helper.open(tab(event, "/new"))
    helper.send("/questions/new", words=INSTRUMENT)
    assert asked(session, event) == [INSTRUMENT]
    assert helper.open("/desk/questions").status_code == 404
    other = make_event(session)
    assert helper.open(tab(other)).status_code == 404


def test_a_question_of_another_event_is_not_found_here(desk, session, event):
    one = ask(session, make_event(session))
    for path in (f"/{one.key}", f"/{one.key}/change", "/nothing", "/%00"):
        assert desk.open(tab(event, path)).status_code == 404
    assert desk.open("/desk/questions/%00").status_code == 404


def test_no_more_queries_for_more_people(session, event, now_there, count_queries):
    ask(session, event)
    counts = []
    for people in (1, 4):
        fill(session, event, 0, people=people)
        there = now_there(event)
        with count_queries() as statements:
            event_questions(session, there, NOW + timedelta(hours=1))
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert session.scalars(select(EventQuestion)).one().event_id == event.id
