"""Two entries of the register become one: whatever names the one that goes follows."""

from datetime import date

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.audit.operations import COMMAND_LINE
from netapp.extensions import db
from netapp.groups.models import GroupOrganisation
from netapp.kernel.changes import Change
from netapp.membership.errors import BothAreMembers
from netapp.membership.models import Membership, Seat
from netapp.membership.queries.belonging import belongings
from netapp.organisations.errors import SameOrganisation
from netapp.organisations.models import Affiliation, NameKind, Organisation, OrganisationName
from netapp.organisations.queries.one import page_at
from netapp.workflows.close_account import close_account
from netapp.workflows.merge_organisations import merge_organisations, take_apart
from tests.factories import NOW, make_coordinator, make_organisation, make_person
from tests.groups.scenes import make_group
from tests.membership.seat_scenes import link_of, make_member_organisation, seat, works_for
from tests.organisations.scenes import add_name, make_register

FOLLOWS = {
    "affiliations.organisation_id",
    "group_organisations.organisation_id",
    "group_sites.organisation_id",
    "import_organisations.organisation_id",
    "membership_applications.organisation_id",
    "membership_seats.organisation_id",
    "memberships.organisation_id",
    "organisation_areas.organisation_id",
    "organisation_names.organisation_id",
    "organisations.merged_into_id",
    "seat_links.organisation_id",
}
"""Every column that names an organisation: a new one must follow too, and be named here."""


def merge(session, gone, left, as_name=NameKind.FORMER):
    merge_organisations(
        session, key=gone.key, into=left.key, as_name=as_name, actor=COMMAND_LINE, now=NOW
    )
    session.commit()


def test_every_column_that_names_an_organisation_is_thought_of(app):
    naming = {
        f"{table.name}.{key.parent.name}"
        for table in db.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "organisations"
    }
    assert naming == FOLLOWS


@pytest.fixture
def two(session):
    register = make_register(session)
    old = make_organisation(
        session,
        name="Soundstorm Agency",
        slug="soundstorm-agency",
        website="https://old.example.org",
        areas=[*register["bury"].areas],
    )
    return old, register["poole"]


def test_names_addresses_areas_and_people_follow(session, client, two):
    gone, left = two
    add_name(session, gone, "Storm")
    add_name(session, gone, "Poole Sounds", NameKind.FORMER)
    add_name(session, left, "Poole sounds 2")
    earlier = make_organisation(session, slug="earlier", merged_into_id=gone.id)
    amina, ben = make_person(session), make_person(session)
    for person in (amina, ben):
        works_for(session, gone, person)
    works_for(session, left, ben).role = "Lead"
    merge(session, gone, left)
    for slug in ("soundstorm-agency", "storm", "poole-sounds", "earlier"):
        answer = client.get(f"/taking-off/organisations/{slug}")
        assert (answer.status_code, answer.location) == (
            301,
            "/taking-off/organisations/soundstorm",
        )
    page = page_at(session, "soundstorm")
    assert page.areas == ("Bournemouth, Christchurch and Poole", "Bury")
    assert page.website == "https://old.example.org"
    assert {one.name for one in page.names} == {
        *("Storm", "Poole Sounds", "Poole sounds 2", "Soundstorm Agency")
    }
    rows = session.scalars(select(Affiliation).order_by(Affiliation.person_id)).all()
    assert [(row.person_id, row.organisation_id, row.role) for row in rows] == [
        (amina.id, left.id, ""),
        (ben.id, left.id, "Lead"),
    ]
    assert session.get(Organisation, earlier.id).merged_into_id == left.id
    text = client.get("/taking-off/organisations?q=agency").text
    assert ">Soundstorm</a>" in text
    assert ">Soundstorm Agency</a>" not in text
    assert (
        list(session.scalars(select(AuditLine.summary)))
        == ["Merged Soundstorm Agency into Soundstorm."] * 2
    )


def test_terms_seats_and_groups_follow_and_nobody_belongs_twice(session, two):
    left = two[1]
    member = make_member_organisation(session, "Old Members", seats=2)
    amina, ben = make_person(session), make_person(session)
    seat(session, member, amina)
    seat(session, member, ben)
    seat(session, left, ben)
    link_of(session, member)
    group = make_group(session)
    session.add(GroupOrganisation(group_id=group.id, organisation_id=member.id))
    session.commit()
    merge(session, member, left)
    assert list(session.scalars(select(Membership.organisation_id))) == [left.id]
    live = select(Seat.person_id).where(Seat.organisation_id == left.id, Seat.ended_at.is_(None))
    assert sorted(session.scalars(live)) == [amina.id, ben.id]
    for person in (amina, ben):
        assert [way.organisation for way in belongings(session, person.id, at=NOW)] == [
            "Soundstorm"
        ]
    assert list(session.scalars(select(GroupOrganisation.organisation_id))) == [left.id]


def test_two_members_on_the_same_days_are_not_merged(session):
    one = make_member_organisation(session, "One", starts_on=date(2026, 1, 1))
    other = make_member_organisation(session, "Other", starts_on=date(2027, 1, 1))
    with pytest.raises(BothAreMembers):
        merge(session, one, other)
    session.rollback()
    assert session.scalar(select(OrganisationName.id)) is None
    with pytest.raises(SameOrganisation):
        merge(session, one, one)


def everything(session):
    """All rows of all tables that name an organisation, but for how often each was written to."""
    session.commit()
    tables = {each.partition(".")[0] for each in FOLLOWS}
    return {
        name: sorted(
            str([value for column, value in row._mapping.items() if column != "version"])
            for row in session.execute(select(db.metadata.tables[name]))
        )
        for name in tables
    }


def test_a_merge_is_taken_apart_again(session, visitor, sign_in, two):
    gone, left = two
    add_name(session, gone, "Storm")
    add_name(session, left, "Storm of Poole")
    make_organisation(session, slug="earlier", merged_into_id=gone.id)
    amina, ben = make_person(session), make_person(session)
    for person in (amina, ben):
        works_for(session, gone, person)
        seat(session, gone, person)
    works_for(session, left, ben)
    seat(session, left, ben)
    group = make_group(session)
    for one in two:
        session.add(GroupOrganisation(group_id=group.id, organisation_id=one.id))
    sign_in(make_coordinator(session))
    before = everything(session)
    merge(session, gone, left)
    assert everything(session) != before
    page = visitor.open(f"/desk/organisations/{left.key}")
    assert "Merged Soundstorm Agency into" in page.text
    visitor.send("/undo")
    assert "Soundstorm Agency is an organisation by itself again." in visitor.text
    assert everything(session) == before
    assert "Take apart again" not in visitor.open(f"/desk/organisations/{left.key}").text


def test_who_has_gone_for_good_does_not_come_back_by_it(session, two, tmp_path):
    gone, left = two
    amina = make_person(session)
    for one in two:
        works_for(session, one, amina)
    merge(session, gone, left)
    close_account(session, key=amina.key, by=None, folder=tmp_path, now=NOW)
    change = session.scalars(select(Change.key)).one()
    take_apart(session, key=left.key, change_key=change, actor=COMMAND_LINE, now=NOW)
    session.commit()
    assert session.scalars(select(Affiliation.id)).all() == []


def test_what_came_since_stays_with_the_one_that_stayed(session, visitor, sign_in, two):
    gone, left = two
    works_for(session, gone, make_person(session))
    sign_in(make_coordinator(session))
    merge(session, gone, left)
    works_for(session, left, make_person(session))
    left.website = "https://changed.example.org"
    session.commit()
    visitor.open(f"/desk/organisations/{left.key}")
    visitor.send("/undo")
    where = select(Affiliation.organisation_id).order_by(Affiliation.id)
    session.rollback()
    assert session.scalars(where).all() == [gone.id, left.id]
    assert left.website == "https://changed.example.org"


def test_the_desk_shows_what_would_happen_then_does_it(session, visitor, sign_in, two):
    gone, left = two
    sign_in(make_coordinator(session, name="Jo Field"))
    works_for(session, gone, make_person(session))
    visitor.open(f"/desk/organisations/{gone.key}/merge")
    visitor.send("/merge", q="soundstorm")
    assert f"/merge/{left.key}" in visitor.text
    visitor.open(f"/desk/organisations/{gone.key}/merge/{left.key}")
    assert "Soundstorm Agency goes into Soundstorm" in visitor.text
    assert "1 person who works or worked there" in visitor.text
    visitor.send(f"/merge/{left.key}", as_name="former")
    assert visitor.path == f"/desk/organisations/{left.key}"
    assert "Soundstorm Agency is part of this one now." in visitor.text
    assert visitor.open(f"/desk/organisations/{gone.key}").status_code == 200
    assert visitor.path == f"/desk/organisations/{left.key}"
    for odd in (f"{gone.key}/merge", f"{left.key}/merge/{left.key}", f"{left.key}/merge/nobody"):
        assert visitor.open(f"/desk/organisations/{odd}").status_code == 404
