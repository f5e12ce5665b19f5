"""The link of a seat, the page of the contact, and the desk: as people see them."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select

from netapp.membership.models import Membership, Seat
from netapp.membership.operations.kinds import load_kinds
from netapp.membership.queries.belonging import is_current
from netapp.people.models import Person
from tests.factories import (
    NOW,
    make_coordinator,
    make_membership,
    make_organisation,
    make_person,
)
from tests.membership.seat_scenes import (
    contact,
    link_of,
    make_member_organisation,
    seat,
    works_for,
)
from tests.organisations.scenes import add_name
from tests.people.letters import code_in, letters_to, link_in


@pytest.fixture
def bury(session):
    return make_member_organisation(session, seats=2)


@pytest.fixture
def amina(session, bury):
    return contact(session, bury, make_person(session, name="Amina Okafor"))


HERE = "/account/organisations/bury-music"


def live(session):
    return session.scalar(select(func.count()).select_from(Seat).where(Seat.ended_at.is_(None)))


def test_opening_the_link_changes_nothing_and_a_press_takes_the_seat(session, bury, as_person):
    ben, path = make_person(session, name="Ben Adeyemi"), link_of(session, bury)
    visitor = as_person(ben)
    page = visitor.open(path)
    assert (page.headers["Cache-Control"], page.headers["X-Robots-Tag"]) == (
        "no-store",
        "noindex, nofollow",
    )
    assert "2 seats left of 2." in page.text
    assert live(session) == 0
    visitor.send(path.partition("?")[0])
    assert visitor.path == "/account/organisations"
    assert "You have a seat of Bury Music." in visitor.text
    assert live(session) == 1
    assert "You have a seat of Bury Music already." in visitor.open(path).text


def test_pressed_twice_it_is_one_seat(session, bury, as_person):
    path = link_of(session, bury)
    visitor = as_person(make_person(session))
    visitor.open(path)
    form = visitor.form(path.partition("?")[0])
    answers = [visitor.client.post(path, data=dict(form.fields)) for _ in range(2)]
    assert [answer.location for answer in answers] == ["/account/organisations"] * 2
    assert live(session) == 1


def test_a_newcomer_confirms_their_address_and_comes_back_to_the_link(session, bury, as_person):
    visitor, path = as_person(None), link_of(session, bury)
    visitor.open(path)
    assert "Take a seat" not in visitor.text
    visitor.open(f"/register?next={path}")
    visitor.send("/register", name="Cleo New", email="cleo@example.org", password="")
    visitor.send("/sign-in/code", code=code_in(session, "cleo@example.org"))
    assert visitor.path == path.partition("?")[0]
    assert live(session) == 0
    visitor.send(path.partition("?")[0])
    assert live(session) == 1
    cleo = session.scalars(select(Person).where(Person.email == "cleo@example.org")).one()
    assert is_current(session, cleo.id, at=NOW)


def test_a_stranger_who_sends_the_form_is_led_to_sign_in(session, bury, as_person):
    stranger, path = as_person(None), link_of(session, bury)
    stranger.open("/sign-in")
    token = dict(stranger.form("/sign-in").fields)
    answer = stranger.client.post(path, data=token)
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=/seats/")
    assert live(session) == 0


def test_a_link_that_ended_says_so_and_so_does_one_that_never_was(session, bury, as_person):
    path = link_of(session, bury)
    link_of(session, bury)
    visitor = as_person(make_person(session))
    for wrong in (path, "/seats/nothing?key=x", f"/seats/{bury.key}", f"/seats/{'x' * 300}?key="):
        page = visitor.open(wrong)
        assert page.status_code == 404
        assert "This link has ended" in page.text


def test_full_seats_are_refused_with_words(session, bury, as_person):
    path, late = link_of(session, bury), as_person(make_person(session))
    late.open(path)
    for _ in range(2):
        seat(session, bury, make_person(session))
    page = late.send(path.partition("?")[0])
    assert page.status_code == 409
    assert "All seats are taken." in page.text
    assert "All 2 seats are taken." in as_person(make_person(session)).open(path).text
    assert live(session) == 2


def test_the_contact_gives_seats_and_ends_them(session, bury, amina, as_person):
    make_person(session, name="Secret Name", email="known@example.org")
    visitor = as_person(amina)
    visitor.open(HERE)
    assert "2 seats left of 2." in visitor.text
    assert visitor.send(f"{HERE}/seats", name="", email="x").status_code == 422
    visitor.send(f"{HERE}/seats", name="Our Ben", email="known@example.org")
    assert "Our Ben has a seat, and is told by email." in visitor.text
    assert "Secret Name" not in visitor.text
    assert letters_to(session, "known@example.org") == ["membership/seat_given"]
    page = visitor.send(f"{HERE}/seats", name="Our Ben", email="Known@example.org")
    assert page.status_code == 422
    assert "They have a seat of this organisation already." in page.text
    end = next(f.action for f in visitor.forms() if f.action.endswith("/end"))
    visitor.send(end)
    assert "The seat has ended, and they are told by email." in visitor.text
    assert letters_to(session, "known@example.org")[-1] == "membership/seat_ended"
    assert live(session) == 0


def test_a_seat_that_was_ended_is_not_taken_back_by_the_old_link(session, bury, amina, as_person):
    path, ben = link_of(session, bury), make_person(session, name="Ben", email="ben@example.org")
    his, hers = as_person(ben), as_person(amina)
    his.open(path)
    opened = his.form(path.partition("?")[0])
    his.open(path)
    his.send(path.partition("?")[0])
    hers.open(HERE)
    hers.send(next(form.action for form in hers.forms() if form.action.endswith("/end")))
    assert his.client.post(path, data=dict(opened.fields)).status_code == 409
    page = his.open(path)
    assert "Ask its contact: they can give you one again." in page.text
    assert "Take a seat" not in page.text
    assert live(session) == 0
    hers.send(f"{HERE}/seats", name="Ben", email="ben@example.org")
    assert "You have a seat of Bury Music already." in his.open(path).text


def test_the_contact_makes_renews_and_switches_off_the_link(session, bury, amina, as_person):
    visitor = as_person(amina)
    visitor.open(HERE)
    visitor.send(f"{HERE}/link")
    assert f"/seats/{bury.key}?key=" in visitor.text
    visitor.send(f"{HERE}/link")
    assert "The earlier one has ended." in visitor.text
    visitor.send(f"{HERE}/link/close")
    assert f"/seats/{bury.key}?key=" not in visitor.text


def test_the_contact_passes_the_role_on(session, bury, amina, as_person):
    ben = make_person(session, name="Ben Adeyemi", email="ben@example.org")
    visitor = as_person(amina)
    visitor.open(HERE)
    assert "To pass this role on, give somebody a seat first." in visitor.text
    seat(session, bury, ben)
    visitor.open(HERE)
    assert visitor.send(f"{HERE}/contact").status_code == 422
    visitor.send(f"{HERE}/contact", person=ben.key)
    assert visitor.path == "/account/organisations"
    assert letters_to(session, "ben@example.org") == ["organisations/contact_changed"]
    assert visitor.open(HERE).status_code == 404
    assert as_person(ben).open(HERE).status_code == 200


def test_the_contact_says_that_the_register_is_right(session, bury, amina, as_person):
    visitor = as_person(amina)
    visitor.open(HERE)
    visitor.send(f"{HERE}/true")
    assert "Confirmed on 11 January 2027." in visitor.text


def test_the_page_of_the_contact_is_there_for_nobody_else(session, bury, amina, as_person):
    ben = make_person(session)
    works_for(session, bury, ben)
    row = seat(session, bury, ben)
    for person in (ben, make_person(session), make_coordinator(session)):
        visitor = as_person(person)
        assert visitor.open(HERE).status_code == 404
        visitor.open("/account/organisations")
        token = dict(visitor.form("/own-words").fields)
        for path in (
            "/seats",
            f"/seats/{row.key}/end",
            "/link",
            "/link/close",
            "/contact",
            "/true",
        ):
            answer = visitor.client.post(f"{HERE}{path}", data=token)
            assert answer.status_code == 404, path
    assert live(session) == 1


def test_somebody_leaves_by_themselves(session, bury, as_person):
    ben = make_person(session)
    row = seat(session, bury, ben)
    make_membership(session, person_id=ben.id)
    visitor = as_person(ben)
    visitor.open("/account/organisations")
    assert "Bury Music" in visitor.text
    visitor.send(f"/seats/{row.key}/give-back")
    assert "You have given the seat back." in visitor.text
    assert live(session) == 0
    assert is_current(session, ben.id, at=NOW)
    other = as_person(make_person(session))
    other.open("/account/organisations")
    token = dict(other.form("/own-words").fields) | {"once": "x" * 24}
    path = f"/account/organisations/seats/{row.key}/give-back"
    assert other.client.post(path, data=token).status_code == 404


def test_a_seat_without_a_membership_says_so(session, as_person):
    lapsed = make_member_organisation(session, ends_on=NOW.date() - timedelta(days=200))
    ben = make_person(session)
    seat(session, lapsed, ben)
    text = as_person(ben).open("/account/organisations").text
    assert "The organisation is no member at the moment." in text


# On the desk.


@pytest.fixture
def at_desk(session, as_person):
    return as_person(make_coordinator(session, name="Jo Field"))


def test_the_desk_makes_an_organisation_a_member_and_ends_it(session, at_desk):
    load_kinds(session)
    one = make_organisation(session, name="Merton Music")
    here = f"/desk/organisations/{one.key}/membership"
    at_desk.open(here)
    assert "Not a member so far." in at_desk.text
    assert dict(at_desk.form(here).fields)["ends_on"] == "2027-08-31"
    page = at_desk.send(here, starts_on="2027-01-11", ends_on="2027-01-10")
    assert page.status_code == 422
    assert "The last day is before the first." in page.text
    at_desk.send(here, starts_on="2027-01-01", ends_on="")
    assert "Merton Music is a member." in at_desk.text
    assert "5 seats left of 5." in at_desk.text
    page = at_desk.send(here, starts_on="2027-02-01", ends_on="")
    assert "It is a member on those days already." in page.text
    at_desk.open(here)
    at_desk.send(
        next(f.action for f in at_desk.forms() if f.action.endswith("/number")), number="1"
    )
    assert "1 seat left of 1." in at_desk.text
    page = at_desk.send(
        next(f.action for f in at_desk.forms() if f.action.endswith("/number")), number="x"
    )
    assert page.status_code == 422
    at_desk.open(f"/desk/membership/terms/{session.scalars(select(Membership.key)).one()}/end")
    at_desk.send("/end", reason="They closed")
    assert "The membership has ended, and its contacts are told by email." in at_desk.text
    assert "no member at the moment" in at_desk.text


def test_the_desk_gives_and_ends_seats_and_makes_the_link(session, at_desk, bury):
    here = f"/desk/organisations/{bury.key}/membership"
    at_desk.open(here)
    at_desk.send(f"{here}/seats", name="Ben Adeyemi", email="ben@example.org")
    assert "Ben Adeyemi has a seat, and is told by email." in at_desk.text
    assert link_in(session, "ben@example.org").startswith("/welcome/")
    page = at_desk.send(f"{here}/seats", name="Ben", email="ben@example.org")
    assert page.status_code == 422
    at_desk.open(here)
    at_desk.send(f"{here}/link")
    assert f"/seats/{bury.key}?key=" in at_desk.text
    at_desk.send(f"{here}/link/close")
    at_desk.send(
        next(f.action for f in at_desk.forms() if "/seats/" in f.action and "end" in f.action)
    )
    assert "The seat has ended, and they are told by email." in at_desk.text
    assert live(session) == 0


def test_today_names_members_without_a_contact(session, at_desk, bury):
    at_desk.open("/desk")
    assert "Bury Music is a member without a contact." in at_desk.text
    amina = contact(session, bury, make_person(session))
    assert "without a contact" not in at_desk.open("/desk").text
    amina.disabled_at = NOW
    session.commit()
    assert "Bury Music is a member without a contact." in at_desk.open("/desk").text


def test_the_one_box_finds_organisations_by_old_names_too(session, at_desk, bury):
    add_name(session, bury, "Bury Strings")
    at_desk.open("/desk/find?q=bury+strings")
    assert f'href="/desk/organisations/{bury.key}"' in at_desk.text


def test_where_nobody_registers_by_themselves_the_link_says_what_to_do(
    app, session, bury, as_person, monkeypatch
):
    path = link_of(session, bury)
    assert "I am new here" in as_person(None).open(path).text
    closed = replace(app.extensions["settings"], open_registration=False)
    monkeypatch.setitem(app.extensions, "settings", closed)
    text = as_person(None).open(path).text
    assert "I am new here" not in text
    assert "to give you a seat by your email address" in text


def test_a_first_link_ends_no_other_and_a_renewal_is_offered_when_it_is_due(
    session, bury, amina, as_person
):
    visitor = as_person(amina)
    visitor.open(HERE)
    assert "Renew it under" not in visitor.text
    for said in ("Here is the link.", "Here is the new link. The earlier one has ended."):
        visitor.send(f"{HERE}/link")
        assert said in visitor.text
    held = session.scalars(select(Membership)).one()
    held.ends_on, held.rights_until = date(2027, 1, 31), date(2027, 2, 28)
    session.commit()
    assert "Renew it under" in visitor.open(HERE).text
    visitor.open("/account/membership")
    assert "You are its contact and have no seat in it" in visitor.text
    visitor.send("/renew")
    assert "It runs to 31 August 2027." in visitor.text


def test_without_a_seat_left_there_is_no_form_but_a_way_to_ask(session, bury, amina, as_person):
    seat(session, bury, make_person(session))
    seat(session, bury, make_person(session))
    page = as_person(amina).open(HERE).text
    assert "There is none left. End one above, or" in page
    assert f'action="{HERE}/seats"' not in page


def test_who_has_a_seat_of_what_is_no_member_reads_why_they_do_not_belong(session, bury, as_person):
    ben = make_person(session, name="Ben Adeyemi")
    seat(session, bury, ben)
    visitor = as_person(ben)
    visitor.open("/account/organisations")
    assert "I work at Bury Music" in visitor.text
    visitor.open("/account/membership")
    assert "You belong by your seat." in visitor.text
    session.execute(delete(Membership))
    session.commit()
    visitor.open("/account/membership")
    assert "You have a seat of Bury Music" in visitor.text
    assert "It is no member at the moment." in visitor.text
