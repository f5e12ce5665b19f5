"""The search of the site: what is public is found, and nothing else is told of."""

import pytest

from netapp.directory.fields import ProfileField
from netapp.events.models import EventStatus
from netapp.organisations.models import NameKind, OrganisationName
from tests.directory.scenes import EVERYONE, MEMBERS, make_profile
from tests.events.interest.topics import make_idea
from tests.events.views.pages import words
from tests.factories import make_event, make_member, make_organisation, make_person
from tests.groups.scenes import make_group, make_group_event

pytestmark = pytest.mark.both_databases  # Each searches in its own way.


def found(visitor, query):
    """What the page says of a search, without the words that were typed."""
    visitor.open(f"/search?q={query}")
    return words(visitor.text.split('role="status"', 1)[1].split("</main>", 1)[0])


def test_the_former_name_of_the_network_finds_it(visitor):
    visitor.open("/")
    assert 'href="/search"' in visitor.text
    said = found(visitor, "Challenging+Circumstances+Music+Network")
    assert "The network What it is, and how people belong to it. Formerly" in said


def test_each_kind_of_thing_is_found_by_what_is_public_of_it(session, visitor):
    make_event(session, title="Samba by the sea", summary="Drums for beginners")
    make_idea(session, title="A samba idea")
    bury = make_organisation(session, name="Bury Music")
    session.add(
        OrganisationName(
            organisation_id=bury.id, name="Samba Bury", kind=NameKind.FORMER, slug="samba-bury"
        )
    )
    make_group(session, name="Samba planning")
    zoe = make_member(session, name="Zoë Long")
    see = {ProfileField.ENTRY: EVERYONE, ProfileField.ROLE: EVERYONE}
    make_profile(session, zoe, role="Samba leader", see=see)
    session.commit()
    said = found(visitor, "SAMBA")
    assert "5 results for “SAMBA”" in said
    for name in ("Samba by the sea", "A samba idea", "Bury Music", "Samba planning", "Zoë Long"):
        assert name in said
    assert "Samba by the sea" in found(visitor, "drums+sea")
    assert "Nothing has all of these words." in found(visitor, "samba+accordion")


@pytest.mark.parametrize("who", ["stranger", "member"])
def test_what_is_not_public_is_not_told_of(session, as_person, who):
    make_event(session, title="Samba draft", status=EventStatus.DRAFT)
    make_group_event(session, make_group(session, is_hidden=True), title="Samba of a group")
    make_organisation(session, name="Samba unlisted", is_listed=False)
    make_group(session, name="Samba hidden", is_hidden=True)
    amara = make_member(session, name="Amara Osei")
    see = {ProfileField.ENTRY: EVERYONE, ProfileField.ABOUT: MEMBERS}
    make_profile(session, amara, about="Samba for members", see=see)
    make_profile(session, make_member(session, name="Samba Sam"))  # For members, in the directory.
    session.commit()
    visitor = as_person(make_member(session) if who == "member" else None)
    assert "Nothing for “samba”" in found(visitor, "samba")
    assert ("/directory?q=samba" in visitor.text) == (who == "member")


def test_a_hidden_group_is_found_by_its_people_alone(session, as_person):
    amara = make_person(session)
    make_group(session, name="Samba hidden", is_hidden=True, lead=amara)
    session.commit()
    assert "Samba hidden" in found(as_person(amara), "samba")
    assert "Samba hidden" not in found(as_person(None), "samba")


@pytest.mark.parametrize("query", ["", "%25", "_", "%00", "x" * 5000, "%5C", "a+" * 300])
def test_whatever_is_typed_is_answered(visitor, query):
    assert visitor.open(f"/search?q={query}").status_code == 200
