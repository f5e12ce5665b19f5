"""The groups that the sources name: loaded once, with who takes part."""

import csv

from sqlalchemy import func, select

from netapp.groups.models import Group, GroupOrganisation, ProgrammeStatus
from netapp.groups.operations.starting import FOLDER, load_groups
from netapp.organisations.operations.starting import load_organisations
from netapp.vocabulary.operations import load_terms
from tests.factories import NOW, make_organisation


def load(session):
    load_terms(session, now=NOW)
    load_organisations(session, now=NOW)
    return load_groups(session, now=NOW)


def test_the_programme_has_its_seventeen_music_services(session, visitor):
    assert load(session) == 2
    session.commit()
    programme = session.scalars(select(Group).where(Group.slug == "music-nurture-groups")).one()
    assert programme.stage is ProgrammeStatus.PILOT
    page = visitor.open("/groups/music-nurture-groups").text
    assert "17 organisations take part" in page
    for name in ("Bury Music", "Soundstorm Music Education Agency", "NMPAT", "Liverpool Resonate"):
        assert name in page
    assert "Music Teacher, 20 October 2021" in page


def test_the_working_group_has_the_names_that_the_texts_give_it(session, visitor):
    load(session)
    session.commit()
    page = visitor.open("/groups/national-working-group-on-inclusion").text
    assert "National Music Services Working Group on Inclusion" in page
    assert "National Working Group for Musical Inclusion" in page
    assert "sixteen leads" in page


def test_a_second_time_adds_nothing_and_changes_nothing(session):
    load(session)
    group = session.scalars(select(Group).order_by(Group.id)).first()
    group.name, group.slug = "Another name", "another"
    session.flush()
    assert load_groups(session, now=NOW) == 0
    assert session.scalar(select(func.count()).select_from(Group)) == 2
    assert group.name == "Another name"


def test_without_the_register_the_groups_are_there_without_organisations(session):
    make_organisation(session, name="Somebody else")
    assert load_groups(session, now=NOW) == 2
    assert session.scalar(select(GroupOrganisation)) is None


def test_every_row_names_a_group_and_an_organisation_of_the_register(session):
    load(session)
    with (FOLDER / "group_organisations.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 17
    assert session.scalar(select(func.count()).select_from(GroupOrganisation)) == 17
