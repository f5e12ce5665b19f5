"""Somebody belongs by themselves and through several organisations at once: what ends or renews
one of these ways never ends, keeps or renews another."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from netapp.audit.operations import COMMAND_LINE, Actor
from netapp.membership.models import Membership, MembershipKind
from netapp.membership.operations import granting, renewing, seats
from netapp.membership.operations.granting import HeldBy
from netapp.membership.operations.kinds import CORE, load_kinds
from netapp.membership.queries.belonging import Right, belongings, has_right, is_current
from netapp.organisations.operations import affiliations
from tests.factories import NOW, make_membership, make_person
from tests.membership.seat_scenes import (
    DESK,
    make_member_organisation,
    seat,
    term_of,
    works_for,
)

YEAR_END = date(2027, 8, 31)


@pytest.fixture
def amina(session):
    return make_person(session, name="Amina Okafor")


def ways(session, person, at=NOW):
    """How somebody belongs: by the name of the organisation, or empty for by themselves."""
    return [way.organisation for way in belongings(session, person.id, at=at)]


def end_seat(session, organisation, row):
    seats.end_seat(session, organisation_key=organisation.key, seat_key=row.key, by=DESK, now=NOW)


def terms(session):
    rows = select(
        Membership.person_id, Membership.organisation_id, Membership.starts_on, Membership.ends_on
    ).order_by(Membership.id)
    return [tuple(row) for row in session.execute(rows)]


def renew(session, holder, kind, starts_on, ends_on):
    granting.grant(
        session,
        holder=holder,
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        actor=COMMAND_LINE,
        now=NOW,
    )


def test_of_two_links_to_one_organisation_the_end_of_one_keeps_what_the_other_gives(session, amina):
    """She works there and has a seat. Leaving the work keeps the seat; ending the seat as well
    ends what it gave, and does not bring it back."""
    bury = make_member_organisation(session)
    work, row = works_for(session, bury, amina), seat(session, bury, amina)
    affiliations.end(
        session, key=work.key, on=NOW.date() - timedelta(days=1), actor=COMMAND_LINE, now=NOW
    )
    assert ways(session, amina) == ["Bury Music"]
    end_seat(session, bury, row)
    assert ways(session, amina) == []
    assert not is_current(session, amina.id, at=NOW)


def test_the_end_of_one_of_two_terms_of_an_organisation_ends_that_one_only(session, amina):
    """One term runs out and the next runs on: nobody's belonging is in doubt for a day."""
    bury = make_member_organisation(session, ends_on=NOW.date() - timedelta(days=1))
    seat(session, bury, amina)
    following = term_of(session, bury, starts_on=NOW.date())
    assert ways(session, amina) == ["Bury Music", "Bury Music"]  # One of them in its grace.
    assert is_current(session, amina.id, at=NOW)
    granting.end(session, key=following.key, actor=COMMAND_LINE, now=NOW)
    assert ways(session, amina) == ["Bury Music"]


def test_of_two_organisations_the_end_of_one_seat_ends_that_one_only(session, amina):
    bury = make_member_organisation(session)
    merton = make_member_organisation(session, "Merton Music")
    first, second = seat(session, bury, amina), seat(session, merton, amina)
    end_seat(session, bury, first)
    assert ways(session, amina) == ["Merton Music"]
    end_seat(session, merton, second)
    assert ways(session, amina) == []


def test_who_lost_both_links_and_gets_one_again_belongs_again(session, amina):
    bury = make_member_organisation(session)
    work, row = works_for(session, bury, amina), seat(session, bury, amina)
    affiliations.end(
        session, key=work.key, on=NOW.date() - timedelta(days=1), actor=COMMAND_LINE, now=NOW
    )
    end_seat(session, bury, row)
    assert ways(session, amina) == []
    works_for(session, bury, amina)
    assert ways(session, amina) == []  # To work there gives no rights.
    seats.give_seat(
        session, organisation_key=bury.key, email=amina.email, name="Amina", by=DESK, now=NOW
    )
    assert ways(session, amina) == ["Bury Music"]


def test_an_organisation_that_comes_back_gives_everybody_their_rights_back(session, amina):
    bury = make_member_organisation(session, ends_on=date(2026, 6, 30))
    seat(session, bury, amina)
    assert ways(session, amina) == []
    renew(session, HeldBy(organisation_id=bury.id), "organisation", NOW.date(), YEAR_END)
    assert ways(session, amina) == ["Bury Music"]


def test_changing_terms_one_after_the_other_takes_nobody_out(session, amina):
    """Two organisations and two people of each; every term and number is touched in turn."""
    ben = make_person(session)
    bury = make_member_organisation(session)
    merton = make_member_organisation(session, "Merton Music")
    for organisation in (bury, merton):
        for person in (amina, ben):
            seat(session, organisation, person)
    held = session.scalars(select(Membership).order_by(Membership.id)).all()
    for _ in range(2):
        for organisation, term in zip((bury, merton), held, strict=True):
            seats.set_number(
                session,
                organisation_key=organisation.key,
                membership_key=term.key,
                number=7,
                actor=COMMAND_LINE,
                now=NOW,
            )
            for person in (amina, ben):
                assert ways(session, person) == ["Bury Music", "Merton Music"]
    granting.end(session, key=held[0].key, actor=COMMAND_LINE, now=NOW)
    for person in (amina, ben):
        assert ways(session, person) == ["Merton Music"]


def test_with_a_kind_that_gives_no_seats_nobody_belongs_through_the_organisation(session, amina):
    """The organisation changes to a kind that is only listed: what people had by it ends; the
    seats are there for when it changes back."""
    bury = make_member_organisation(session)
    seat(session, bury, amina)
    make_membership(session, person_id=amina.id, kind="associate")
    load_kinds(session)
    kind = session.scalars(
        select(MembershipKind).where(MembershipKind.slug == "organisation")
    ).one()
    listed = MembershipKind(
        slug="listed", name="Listed", summary="", holder=kind.holder, position=9,
        approval=kind.approval, term=kind.term, seats=0,
    )  # fmt: skip
    session.add(listed)
    session.flush()
    term = session.scalars(select(Membership).where(Membership.organisation_id == bury.id)).one()
    term.kind_id = listed.id
    session.flush()
    assert ways(session, amina) == [""]
    assert not has_right(session, amina.id, Right.VOTES, at=NOW)
    term.kind_id = kind.id
    session.flush()
    assert ways(session, amina) == ["", "Bury Music"]
    assert has_right(session, amina.id, Right.VOTES, at=NOW)


def test_renewing_ones_own_membership_never_renews_the_organisations(session, amina):
    bury = make_member_organisation(session, ends_on=date(2027, 1, 31))
    seat(session, bury, amina)
    own = make_membership(
        session, person_id=amina.id, starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 31)
    )
    before = terms(session)
    renewing.renew(session, key=own.key, actor=Actor(amina.id, amina.name), now=NOW)
    assert terms(session) == [*before, (amina.id, None, date(2027, 2, 1), YEAR_END)]
    later = NOW + timedelta(days=90)  # After the grace of the organisation.
    assert ways(session, amina, at=later) == [""]


def test_renewing_the_organisations_membership_never_renews_ones_own(session, amina):
    bury = make_member_organisation(session, seats=9, ends_on=date(2027, 1, 31))
    seat(session, bury, amina)
    make_membership(
        session, person_id=amina.id, starts_on=date(2026, 9, 1), ends_on=date(2027, 1, 31)
    )
    before = terms(session)
    (held,) = session.scalars(select(Membership).where(Membership.organisation_id == bury.id))
    following = renewing.renew(session, key=held.key, actor=COMMAND_LINE, now=NOW)
    assert terms(session) == [*before, (None, bury.id, date(2027, 2, 1), YEAR_END)]
    assert following.seats == 9
    later = NOW + timedelta(days=90)
    assert ways(session, amina, at=later) == ["Bury Music"]


def test_ending_ones_own_membership_keeps_the_seats_and_the_other_way_round(session, amina):
    bury = make_member_organisation(session)
    row = seat(session, bury, amina)
    own = make_membership(session, person_id=amina.id)
    granting.end(session, key=own.key, actor=COMMAND_LINE, now=NOW)
    assert ways(session, amina) == ["Bury Music"]
    renew(session, HeldBy(person_id=amina.id), CORE, NOW.date(), None)
    seats.give_back(session, seat_key=row.key, person_id=amina.id, now=NOW)
    assert ways(session, amina) == [""]


def test_a_freelancer_belongs_without_an_employer(session, amina):
    make_membership(session, person_id=amina.id)
    assert ways(session, amina) == [""]
    assert has_right(session, amina.id, Right.VOTES, at=NOW)


def test_rights_come_from_any_way_and_go_with_the_last(session, amina):
    bury = make_member_organisation(session)
    row = seat(session, bury, amina)
    make_membership(session, person_id=amina.id, kind="wider-community")
    assert has_right(session, amina.id, Right.SEES_DIRECTORY, at=NOW)
    seats.give_back(session, seat_key=row.key, person_id=amina.id, now=NOW)
    assert not has_right(session, amina.id, Right.SEES_DIRECTORY, at=NOW)
    assert ways(session, amina) == [""]
