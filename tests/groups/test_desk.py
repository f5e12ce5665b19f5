"""Groups on the desk: made, changed, filled, closed, copied, taken away."""

from datetime import date

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.groups.models import Group, GroupKind, GroupOrganisation, GroupRole, ProgrammeStatus
from tests.events.scenes import mails
from tests.factories import make_coordinator, make_member, make_organisation, make_person
from tests.groups.scenes import make_group, put_in


@pytest.fixture
def desk(session, visitor, sign_in):
    sign_in(make_coordinator(session))
    return visitor


def the_group(session):
    session.expire_all()
    return session.scalars(select(Group)).one()


def test_a_group_is_made_of_a_name_and_shown(session, desk, as_person):
    desk.open("/desk/groups/new")
    desk.send("/new", name="Early years", purpose="Under fives.")
    assert "The group is made." in desk.text
    group = the_group(session)
    assert (group.slug, group.kind, group.people) == ("early-years", GroupKind.WORKING_GROUP, 0)
    assert "Under fives." in as_person(None).open("/groups").text


def test_what_is_wrong_is_said_and_kept(session, desk):
    make_group(session, slug="taken")
    desk.open("/desk/groups/new")
    desk.send("/new", name="", slug="Not An Address!", purpose="Kept words", size_limit="many")
    assert desk.page.status_code == 422
    assert "Enter a name, like" in desk.text
    assert "Use letters, digits and hyphens" in desk.text
    assert "Enter a whole number" in desk.text
    assert "Kept words" in desk.text
    desk.send("/new", name="X", slug="taken", size_limit="")
    assert "Another group has this address" in desk.text
    desk.send("/new", slug="x", starts_on="2027-05-01", ends_on="2027-04-01")
    assert "The last day is before the first." in desk.text


def test_a_programme_has_a_stage_and_a_pair_two_places(session, desk):
    desk.open("/desk/groups/new")
    desk.send("/new", name="P", kind="programme", stage="pilot")
    assert the_group(session).stage is ProgrammeStatus.PILOT
    desk.open(f"/desk/groups/{the_group(session).key}")
    desk.send(the_group(session).key, kind="pair")
    assert (the_group(session).stage, the_group(session).size_limit) == (None, 2)


def test_an_edit_on_an_old_version_loses_nothing(session, desk):
    group = make_group(session, name="Before", slug="before")
    desk.open(f"/desk/groups/{group.key}")
    other = desk.form(group.key)
    desk.send(group.key, name="Theirs", slug="after")
    assert the_group(session).slug == "after"
    assert desk.client.get("/groups/before").headers["Location"] == "/groups/after"
    other.fields = [(n, "Mine" if n == "name" else v) for n, v in other.fields]
    desk.page = desk._submit(other, other.fields)
    assert desk.page.status_code == 409
    assert "Theirs" in desk.text
    assert "Mine" in desk.text
    desk.send(group.key)
    assert the_group(session).name == "Mine"


def test_people_roles_and_history(session, desk):
    group = make_group(session)
    ada = make_member(session, name="Ada", email="ada@example.org")
    desk.open(f"/desk/groups/{group.key}/people")
    desk.send("/add", email="nobody@example.org")
    assert "Nobody has an account with this address." in desk.text
    desk.send("/add", email="ADA@example.org")
    assert "Ada is in the group, and told." in desk.text
    assert mails(session, to=ada) == ["groups/added"]
    desk.send(
        "/roles", role="chair", title="Co-chair", starts_on="2027-01-01", ends_on="2026-01-01"
    )
    assert "The last day is before the first." in desk.text
    desk.send("/roles", ends_on="2027-12-31")
    assert "Co-chair, 1 January 2027 to 31 December 2027" in desk.text
    desk.send("/roles", role="chair", starts_on="2027-06-01", ends_on="")
    assert "They have this role in these days already." in desk.text
    desk.open(f"/desk/groups/{group.key}/people")
    desk.send("/end")
    assert "The term is ended." in desk.text
    assert session.scalars(select(GroupRole.ends_on)).one() == date(2027, 1, 11)


def test_organisations_and_places_of_a_programme(session, desk, as_person):
    group = make_group(session, slug="nurture")
    make_organisation(session, name="Bury Music", slug="bury-music")
    desk.open(f"/desk/groups/{group.key}/people")
    desk.send("/organisations", part="Pilot service")
    desk.send("/organisations")
    assert "This organisation is in the list already." in desk.text
    desk.send("/sites", name="Bell Lane School")
    page = as_person(None).open("/groups/nurture").text
    assert "1 organisation takes part" in page
    assert "Bury Music" in page
    assert "Bell Lane School" in page
    desk.open(f"/desk/groups/{group.key}/people")
    desk.send("/end")
    assert session.scalar(select(GroupOrganisation)) is None


def test_closing_opening_and_copying(session, desk, as_person):
    group = make_group(session, kind=GroupKind.PROGRAMME, stage=ProgrammeStatus.PILOT, name="Prog")
    put_in(session, group, make_member(session))
    desk.open(f"/desk/groups/{group.key}")
    desk.send("/close", reason="It is done.")
    assert "Closed. Nobody joins it any more" in desk.text
    assert "It is done." in as_person(None).open(f"/groups/{group.slug}").text
    assert the_group(session).stage is ProgrammeStatus.CLOSED
    desk.send("/reopen")
    desk.send("/copy", name="Prog, second cohort")
    copied = session.scalars(select(Group).where(Group.name == "Prog, second cohort")).one()
    assert (copied.kind, copied.parent_id, copied.people) == (GroupKind.COHORT, group.id, 0)
    assert "Prog, second cohort" in as_person(None).open(f"/groups/{group.slug}").text


def test_the_table_is_taken_away_and_that_is_written_down(session, desk):
    group = make_group(session, make_person(session, name="=Cmd()", email="c@example.org"))
    desk.open(f"/desk/groups/{group.key}/people")
    desk.send("/table.csv")
    lines = desk.text.lstrip("\ufeff").splitlines()
    assert lines[0].startswith("Name,Email,Organisation,Role")
    assert lines[1].startswith("'=Cmd(),c@example.org")
    summary = session.scalars(select(AuditLine.summary).order_by(AuditLine.id.desc())).first()
    assert summary == f"Took away 1 people of {group.name} as a table."


def test_a_size_below_the_people_is_refused(session, desk):
    group = make_group(session, make_person(session), make_person(session))
    desk.open(f"/desk/groups/{group.key}")
    desk.send(group.key, size_limit="1")
    assert "More people than that are in the group." in desk.text


def test_nobody_else_opens_the_desk_of_groups(session, as_person):
    group = make_group(session, lead=(chair := make_member(session)))
    for path in ("", "/new", f"/{group.key}", f"/{group.key}/people"):
        assert as_person(chair).open(f"/desk/groups{path}").status_code == 404


@pytest.mark.parametrize("path", ["/groups", "/desk/groups", "/groups/many", "people"])
def test_as_many_queries_with_one_as_with_thirty(session, desk, count_queries, path):
    many = make_group(session, make_person(session), slug="many")
    address = f"/desk/groups/{many.key}/people" if path == "people" else path
    desk.open(address)
    with count_queries() as with_one:
        desk.open(address)
    for _ in range(30):
        make_group(session)
        put_in(session, many, make_person(session))
    with count_queries() as with_thirty:
        desk.open(address)
    assert len(with_thirty) == len(with_one)
