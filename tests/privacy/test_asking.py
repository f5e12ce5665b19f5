"""People ask about their data, and are answered in time."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from netapp.privacy.models import Ask, AskKind
from netapp.privacy.operations import asking
from tests.events.scenes import mails
from tests.factories import NOW, make_coordinator, make_person

PAGE = "/account/privacy"


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor")


@pytest.fixture
def jo(session):
    return make_coordinator(session, name="Jo Field")


def ask(visitor, words="My name has two n's.", kind="correct"):
    visitor.open(PAGE)
    return visitor.send(f"{PAGE}/asks", kind=kind, words=words)


def test_ask_and_be_answered(session, as_person, amina, jo):
    theirs, desk = as_person(amina), as_person(jo)
    ask(theirs)
    assert "We answer by Thursday 11 February 2027." in theirs.text
    desk.open("/desk/privacy")
    assert "Amina Okafor asks to correct something they cannot change themselves" in desk.text
    key = session.scalar(select(Ask.key))
    desk.open(f"/desk/privacy/{key}")
    desk.send(f"/desk/privacy/{key}", words="It has two now.")
    assert "Your answer is on its way." in desk.text
    assert "It has two now." in theirs.open(PAGE).text
    assert mails(session, to=amina) == ["privacy/asked", "privacy/answered"]


def test_nothing_said(as_person, amina):
    page = ask(as_person(amina), words="")
    assert page.status_code == 422
    assert "Say what you ask for, in a sentence or two." in page.text


def test_five_a_day(as_person, amina):
    theirs = as_person(amina)
    for _ in range(5):
        ask(theirs)
    page = ask(theirs, words="And another thing.")
    assert page.status_code == 429
    assert "You have asked five times today." in page.text
    assert "And another thing." in page.text


def test_two_answers_are_one(session, as_person, amina, jo):
    ask(as_person(amina))
    key = session.scalar(select(Ask.key))
    one, other = as_person(jo), as_person(jo)
    one.open(f"/desk/privacy/{key}")
    other.open(f"/desk/privacy/{key}")
    one.send(f"/desk/privacy/{key}", words="Done.")
    assert other.send(f"/desk/privacy/{key}", words="Not done.").status_code == 409
    assert session.scalars(select(Ask.answer)).all() == ["Done."]


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (datetime(2027, 1, 31, 12, tzinfo=UTC), datetime(2027, 2, 28, 12, tzinfo=UTC)),
        (datetime(2028, 1, 31, 12, tzinfo=UTC), datetime(2028, 2, 29, 12, tzinfo=UTC)),
        (datetime(2027, 12, 5, 12, tzinfo=UTC), datetime(2028, 1, 5, 12, tzinfo=UTC)),
    ],
)
def test_a_month_later(session, amina, asked, due):
    made = asking.ask(session, person=amina, kind=AskKind.OTHER, words="?", now=asked)
    assert made.due_at == due


def test_late_ones_are_marked(session, as_person, amina, jo):
    ask(as_person(amina))
    assert "Late" not in as_person(jo).open("/desk/privacy").text
    session.execute(update(Ask).values(due_at=NOW.replace(day=10)))
    session.commit()
    assert "Late" in as_person(jo).open("/desk/privacy").text
