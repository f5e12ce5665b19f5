"""One tap renews, or brings somebody back; an organisation's is its own."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from netapp.audit.operations import Actor
from netapp.membership.errors import EndedByHand, NothingToRenew, RenewedAlready, TooEarly
from netapp.membership.models import AgeBand, Membership, Seat
from netapp.membership.operations.renewing import renew
from netapp.organisations.models import Affiliation
from tests.factories import (
    NOW,
    make_coordinator,
    make_membership,
    make_organisation,
    make_person,
)
from tests.people.letters import last_letter, letters_to

EMAIL = "amina@example.org"
MINE = "/account/membership"
JO = Actor(None, "Jo Field")
LAST = date(2027, 1, 31)


@pytest.fixture
def person(session, sign_in, kinds):
    return sign_in(make_person(session, email=EMAIL, name="Amina Okafor"))


def hold(session, person, **more):
    values = {"starts_on": date(2026, 1, 1), "ends_on": LAST, "kind": "associate", **more}
    return make_membership(session, person_id=person.id, **values)


def terms(session, **of):
    found = select(Membership.starts_on, Membership.ends_on).order_by(Membership.starts_on)
    return [tuple(row) for row in session.execute(found.filter_by(**of))]


def test_before_the_end_there_is_no_gap(session, visitor, person):
    hold(session, person)
    visitor.open(MINE)
    assert "It runs to 31 January 2027." in visitor.text
    assert "From 1 February 2027 to 31 January 2028." in visitor.text
    visitor.send("/renew")
    assert "Thank you. It runs to 31 January 2028." in visitor.text
    assert terms(session) == [
        (date(2026, 1, 1), LAST),
        (date(2027, 2, 1), date(2028, 1, 31)),
    ]
    assert "It is renewed to 31 January 2028." in visitor.text
    assert "goes on to 31 January 2028" in last_letter(session, EMAIL)


def test_in_grace_there_is_no_gap_either(session, visitor, person):
    hold(session, person, ends_on=date(2026, 12, 14))  # 28 days ago.
    visitor.open(MINE)
    assert "Ended, rights still hold" in visitor.text
    assert "holds until 11 January 2027." in visitor.text
    visitor.send("/renew")
    assert terms(session)[1] == (date(2026, 12, 15), date(2027, 12, 14))


def test_who_comes_back_begins_today_and_keeps_since_when(session, visitor, person):
    hold(session, person, ends_on=date(2026, 12, 13))
    visitor.open(MINE)
    assert "It ended on 13 December 2026." in visitor.text
    visitor.send("/renew")
    assert "Member since 1 January 2026" in visitor.text
    assert terms(session)[1] == (date(2027, 1, 11), date(2028, 1, 10))


def test_pressed_twice_and_in_two_tabs(session, visitor, person, client):
    hold(session, person)
    visitor.open(MINE)
    form = visitor.form("/renew")
    for _ in range(2):
        client.post(form.action, data=dict(form.fields))
    data = dict(form.fields) | {"once": "z" * 30}
    client.post(form.action, data=data)
    assert len(terms(session)) == 2
    assert letters_to(session, EMAIL) == ["membership/renewed"]


def test_not_yet(session, visitor, person):
    held = hold(session, person, ends_on=date(2027, 8, 31))
    visitor.open(MINE)
    assert 'action="/account/membership/' in visitor.text  # To leave.
    assert "/renew" not in visitor.text
    with pytest.raises(TooEarly):
        renew(session, key=held.key, actor=JO, now=NOW)


def test_refusals(session, person):
    endless = hold(session, person, ends_on=None)
    with pytest.raises(NothingToRenew):
        renew(session, key=endless.key, actor=JO, now=NOW)
    other = make_person(session)
    by_hand = hold(session, other, rights_until=LAST, ended_early=True)
    with pytest.raises(EndedByHand):
        renew(session, key=by_hand.key, actor=JO, now=NOW)
    third = make_person(session)
    held = hold(session, third)
    renew(session, key=held.key, actor=JO, now=NOW)
    with pytest.raises(RenewedAlready):
        renew(session, key=held.key, actor=JO, now=NOW)


def organisation_of(session, person, *, is_contact):
    """A member organisation in which this person has a seat."""
    organisation = make_organisation(session, name="Hill Music Service")
    session.add(
        Seat(
            key=f"s{person.id}", organisation_id=organisation.id, person_id=person.id, given_at=NOW
        )
    )
    session.add(
        Affiliation(
            key=f"a{person.id}",
            person_id=person.id,
            organisation_id=organisation.id,
            is_contact=is_contact,
            created_at=NOW,
        )
    )
    make_membership(
        session,
        organisation_id=organisation.id,
        kind="organisation",
        starts_on=date(2026, 2, 1),
        ends_on=LAST,
    )
    return organisation


def test_renewing_ones_own_never_renews_the_organisations(session, visitor, person):
    organisation = organisation_of(session, person, is_contact=True)
    held = hold(session, person)
    renew(session, key=held.key, actor=JO, now=NOW)
    session.commit()
    assert len(terms(session, organisation_id=organisation.id)) == 1
    assert len(terms(session, person_id=person.id)) == 2


def test_renewing_the_organisations_never_renews_ones_own(session, visitor, person):
    organisation = organisation_of(session, person, is_contact=True)
    hold(session, person)
    visitor.open(MINE)
    key = session.scalar(
        select(Membership.key).where(Membership.organisation_id == organisation.id)
    )
    visitor.send(f"/{key}/renew")
    assert len(terms(session, organisation_id=organisation.id)) == 2
    assert len(terms(session, person_id=person.id)) == 1
    assert "The membership of Hill Music Service" in last_letter(session, EMAIL)


def test_only_the_contact_renews_for_an_organisation(session, visitor, person):
    organisation = organisation_of(session, person, is_contact=False)
    visitor.open(MINE)
    assert "The contact of Hill Music Service renews it." in visitor.text
    key = session.scalar(
        select(Membership.key).where(Membership.organisation_id == organisation.id)
    )
    token = dict(visitor.form("/sign-out").fields)["csrf_token"]
    answer = visitor.client.post(
        f"{MINE}/{key}/renew", data={"csrf_token": token, "once": "z" * 30}
    )
    assert answer.status_code == 404
    assert len(terms(session)) == 1


def test_what_is_somebody_elses_is_not_there(session, visitor, person):
    other = hold(session, make_person(session))
    visitor.open(MINE)
    token = dict(visitor.form("/sign-out").fields)["csrf_token"]
    data = {"csrf_token": token, "once": "z" * 30}
    for act in ("renew", "leave"):
        assert visitor.client.post(f"{MINE}/{other.key}/{act}", data=data).status_code == 404


def test_a_young_member_says_the_band_again(session, visitor, person):
    hold(session, person, kind="young-member", age_band=AgeBand.FROM_16)
    visitor.open(MINE)
    visitor.send("/renew", age_band="18-20")
    bands = session.scalars(select(Membership.age_band).order_by(Membership.starts_on)).all()
    assert bands == [AgeBand.FROM_16, AgeBand.FROM_18]


def test_leaving(session, visitor, person):
    hold(session, person)
    visitor.open(MINE)
    visitor.send("/leave")
    assert "Your membership has ended." in visitor.text
    assert terms(session) == [(date(2026, 1, 1), date(2027, 1, 10))]
    assert "/renew" not in visitor.text


def test_a_coordinator_renews_many(session, as_person, kinds):
    people = [make_person(session, name=f"P{n}") for n in range(3)]
    held = [hold(session, one) for one in people]
    renew(session, key=held[0].key, actor=JO, now=NOW)
    session.commit()
    desk = as_person(make_coordinator(session))
    desk.open("/desk/membership/terms")
    assert ("P0" in desk.text, "P1" in desk.text) == (False, True)
    desk.send("/renew", chosen=[one.key for one in held])
    assert "2 memberships renewed, and told by email." in desk.text
    assert "P0: This membership is renewed already." in desk.text
    assert session.scalar(select(func.count()).select_from(Membership)) == 6


@pytest.mark.parametrize(
    ("ends_on", "show"),
    [
        (date(2027, 4, 14), []),
        (date(2027, 4, 13), ["ending"]),
        (date(2027, 1, 11), ["ending"]),
        (date(2027, 1, 10), ["grace"]),
        (date(2026, 12, 14), ["grace"]),
        (date(2026, 12, 13), ["lapsed"]),
    ],
)
def test_the_lists_of_the_desk(session, as_person, kinds, ends_on, show):
    hold(session, make_person(session, name="Amina Okafor"), ends_on=ends_on)
    desk = as_person(make_coordinator(session, name="Jo"))
    shown = []
    for each in ("ending", "grace", "lapsed"):
        desk.open(f"/desk/membership/terms?show={each}&kind=associate")
        if "Amina Okafor" in desk.text:
            shown.append(each)
    assert shown == show


def test_organisations_are_on_the_list_too(session, as_person, kinds):
    organisation_of(session, make_person(session), is_contact=True)
    desk = as_person(make_coordinator(session, name="Jo"))
    desk.open("/desk/membership/terms?kind=organisation")
    assert "Hill Music Service" in desk.text
    assert "/desk/organisations/" in desk.text


def test_as_many_queries_with_twenty_five_as_with_one(session, as_person, kinds, count_queries):
    hold(session, make_person(session))
    desk = as_person(make_coordinator(session))
    desk.open("/desk/membership/terms")
    with count_queries() as few:
        desk.open("/desk/membership/terms")
    for _ in range(24):
        hold(session, make_person(session))
    with count_queries() as many:
        desk.open("/desk/membership/terms")
    assert len(many) == len(few)


def test_a_year_after_the_day_before_it(session, person):
    """29 February has a year, too."""
    held = hold(session, person, starts_on=date(2027, 3, 1), ends_on=date(2028, 2, 29))
    now = datetime(2028, 2, 20, tzinfo=UTC)
    after = renew(session, key=held.key, actor=JO, now=now)
    assert (after.starts_on, after.ends_on) == (date(2028, 3, 1), date(2029, 2, 28))
    assert after.rights_until == date(2029, 2, 28) + timedelta(days=28)
