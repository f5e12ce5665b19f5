"""People say where they work: from the register, in their own words, several at once, or not."""

import pytest
from sqlalchemy import select

from netapp.organisations.models import Affiliation
from netapp.people.models import Person
from tests.factories import make_person
from tests.membership.seat_scenes import works_for
from tests.organisations.scenes import make_register

HERE = "/account/organisations"


@pytest.fixture
def register(session):
    return make_register(session)


@pytest.fixture
def amina(session, sign_in):
    return sign_in(make_person(session, name="Amina Okafor"))


def choose(visitor, words, organisation, **fields):
    visitor.open(HERE)
    visitor.send(HERE, q=words)
    assert f"{HERE}/add/{organisation.key}" in visitor.text
    visitor.open(f"{HERE}/add/{organisation.key}")
    return visitor.send(f"/add/{organisation.key}", **fields)


def rows(session, person):
    found = select(Affiliation).where(Affiliation.person_id == person.id).order_by(Affiliation.id)
    found = found.execution_options(populate_existing=True)
    return [(r.organisation_id, r.role, r.starts_on, r.ends_on) for r in session.scalars(found)]


def words_of(session, person):
    return session.scalar(select(Person.organisation).where(Person.id == person.id))


def test_search_choose_say_what_one_does(session, visitor, amina, register):
    page = choose(
        visitor, "merton strings", register["merton"], role="SEND lead", starts_on="1/9/2026"
    )
    assert page.status_code == 200
    assert "Noted that you work for Merton Music Foundation." in page.text
    assert "SEND lead" in page.text
    assert "From 1 September 2026" in page.text
    assert words_of(session, amina) == "Merton Music Foundation"
    choose(visitor, "Bury", register["bury"], role="Djembe tutor on Tuesdays")
    assert [row[1] for row in rows(session, amina)] == ["SEND lead", "Djembe tutor on Tuesdays"]
    assert words_of(session, amina) == "Merton Music Foundation"
    visitor.open(f"{HERE}?q=bury")
    assert "In your list" in visitor.text
    visitor.open(f"{HERE}/add/{register['bury'].key}")
    visitor.send(f"/add/{register['bury'].key}")
    assert "That organisation is in the list already." in visitor.text


def test_what_is_not_in_the_register_stays_in_ones_own_words(session, visitor, amina, register):
    visitor.open(HERE)
    visitor.send(HERE, q="Sunny Side Sounds")
    assert "The register has nothing like “Sunny Side Sounds”." in visitor.text
    visitor.send("/own-words", organisation="Sunny Side Sounds")
    assert "Saved." in visitor.text
    assert words_of(session, amina) == "Sunny Side Sounds"
    assert rows(session, amina) == []
    page = visitor.send("/own-words", organisation="x" * 121)
    assert page.status_code == 422
    assert "Shorten this to 120 characters." in page.text


def test_what_somebody_wrote_once_is_looked_up(session, visitor, sign_in, register):
    sign_in(make_person(session, organisation="Merton Strings"))
    visitor.open(HERE)
    assert "You wrote “Merton Strings”. Is it one of these?" in visitor.text
    assert f"{HERE}/add/{register['merton'].key}" in visitor.text


def test_a_freelancer_needs_none(session, visitor, amina, register):
    assert "who works for themselves needs none" in visitor.open(HERE).text
    assert visitor.page.status_code == 200


def test_a_role_changes_and_work_ends_on_a_day(session, visitor, amina, register):
    choose(visitor, "bury", register["bury"], role="Tutor", starts_on="2026-09-01")
    (row,) = session.scalars(select(Affiliation))
    visitor.open(f"{HERE}/at/{row.key}")
    visitor.send(f"/at/{row.key}", role="Head of SEND")
    assert [each[1] for each in rows(session, amina)] == ["Head of SEND"]
    visitor.open(f"{HERE}/at/{row.key}")
    page = visitor.send(f"/at/{row.key}/leave", on="2026-08-31")
    assert page.status_code == 422
    assert "The last day is before the first." in page.text
    visitor.send(f"/at/{row.key}/leave", on="31/12/2026")
    assert "until 31 December 2026" in visitor.text
    choose(visitor, "bury", register["bury"], role="Back again")
    assert len(rows(session, amina)) == 2


def test_nobody_touches_what_others_say(session, visitor, amina, register):
    ben = make_person(session)
    row = works_for(session, register["bury"], ben)
    visitor.open(HERE)
    token = dict(visitor.form("/own-words").fields)
    for path in (f"{HERE}/at/{row.key}", f"{HERE}/add/nobody"):
        assert visitor.open(path).status_code == 404
    for path in (f"{HERE}/at/{row.key}", f"{HERE}/at/{row.key}/leave"):
        assert visitor.client.post(path, data=token).status_code == 404
    assert rows(session, ben) == [(register["bury"].id, "", None, None)]


def test_odd_input_is_answered_in_words(visitor, amina, register):
    for odd in ("?q=%00%27%22%3C", "?q=" + "x" * 900, "?q=%25", "?q="):
        assert visitor.open(f"{HERE}{odd}").status_code == 200
