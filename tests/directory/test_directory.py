"""The list of members: who is in it, how they are found, what is counted, how much may be seen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.directory.fields import Audience, ProfileField
from netapp.directory.models import FieldLock, Profile
from netapp.directory.queries.catalogue import SCOPE
from netapp.directory.queries.search import search
from netapp.directory.queries.seen import entry_at
from netapp.kernel import kept
from netapp.kernel.revisions import raise_revision
from netapp.membership.models import Membership, Seat
from netapp.membership.operations import granting
from netapp.organisations.models import Affiliation
from netapp.organisations.operations import affiliations, editing
from netapp.organisations.operations.editing import Details
from netapp.people.models import Person
from netapp.people.operations import desk
from tests.directory.scenes import (
    EVERYONE,
    MEMBERS,
    NOBODY,
    make_listed,
    make_profile,
    path_of,
)
from tests.factories import (
    NOW,
    make_coordinator,
    make_member,
    make_membership,
    make_organisation,
    make_person,
)

HERE = "/directory"


@pytest.fixture
def me(session, sign_in):
    return sign_in(make_member(session, name="Me Myself"))


def names(visitor, query="") -> list[str]:
    text = visitor.open(f"{HERE}{query}").text
    return [
        line.split("</a>")[0].rpartition(">")[2]
        for line in text.split('<h3><a href="/directory/')[1:]
    ]


def counts(visitor, query="") -> dict[str, str]:
    """What is ticked and how many people each would leave, by the words of the filter."""
    text = visitor.open(f"{HERE}{query}").text
    found = {}
    for box in text.split('<div class="check">')[1:]:
        label = box.partition("<label")[2].partition('">')[2]
        found[label.partition("<span")[0]] = label.split('aria-hidden="true">')[1].split("<")[0]
    return found


@pytest.mark.both_databases  # Each sorts in its own way.
def test_people_are_in_it_by_name_once_they_turned_it_on(session, visitor, me):
    make_listed(session, "Zoë Long")
    make_listed(session, "amara Osei")
    make_listed(session, "Öykü Kaya")
    make_listed(session, "Hidden Person", see={ProfileField.ENTRY: NOBODY})
    make_member(session, name="Never Asked")
    assert names(visitor) == ["amara Osei", "Öykü Kaya", "Zoë Long"]
    assert "3 people" in visitor.text


def test_nobody_is_in_it_yet(visitor, me):
    assert "Nobody is in the directory yet." in visitor.open(HERE).text


def test_it_is_for_members(session, as_person):
    make_listed(session, "Amara Osei")
    stranger = as_person(None).open(f"{HERE}?q=viola").text
    assert "The directory is for members" in stranger
    assert '<a class="btn" href="/join">' in stranger
    assert "/sign-in?next=/directory?q%3Dviola" in stranger
    guest = as_person(make_person(session)).open(HERE)
    assert "The directory is for members" in guest.text
    assert "Amara" not in guest.text
    late = make_person(session)
    make_membership(session, person_id=late.id, ends_on=date(2027, 1, 1))
    assert as_person(late).open(HERE).status_code == 200  # In the days of grace.
    assert as_person(make_coordinator(session)).open(HERE).status_code == 200


@pytest.mark.both_databases  # And searches.
def test_words_find_names_roles_texts_organisations_and_terms(session, visitor, me):
    make_listed(session, "Zoë Long", role="Samba leader")
    make_listed(session, "Amara Osei", about="Songs with 100% of the heart")
    sam = make_listed(session, "Sam Okoro", terms=("pupil-referral-units",))
    bury = make_organisation(session, name="Bury Music")
    session.add(Affiliation(key="k", person_id=sam.id, organisation_id=bury.id, created_at=NOW))
    session.commit()
    assert names(visitor, "?q=zoe") == ["Zoë Long"]
    assert names(visitor, "?q=SAMBA+long") == ["Zoë Long"]
    assert names(visitor, "?q=samba+amara") == []
    assert "Nobody in the directory fits all of this." in visitor.text
    assert names(visitor, "?q=100%25") == ["Amara Osei"]
    assert names(visitor, "?q=bury") == ["Sam Okoro"]
    assert names(visitor, "?q=excluded+pupils") == ["Sam Okoro"]  # A synonym of the term.


def test_filters_fit_any_of_a_group_and_all_of_the_groups(session, visitor, me):
    make_listed(session, "Both", terms=("send", "genre-jazz"))
    make_listed(session, "Jazz", terms=("mental-health", "genre-jazz"))
    make_listed(session, "Pop", terms=("send", "genre-pop"))
    assert names(visitor, "?need=send") == ["Both", "Pop"]
    assert names(visitor, "?need=send&need=mental-health") == ["Both", "Jazz", "Pop"]
    assert names(visitor, "?need=send&genre=genre-jazz") == ["Both"]
    assert "1 person of 3" in visitor.text
    assert names(visitor, "?need=no-such-need") == ["Both", "Jazz", "Pop"]
    ticked = counts(visitor, "?need=send")
    assert ticked == {
        "Special Educational Needs and Disability": "2",
        "Mental health": "1",
        "Jazz": "1",
        "Pop": "1",
    }
    assert counts(visitor, "?need=send&q=pop")["Jazz"] == "0"


def test_a_filter_can_be_taken_away_by_its_chip(session, visitor, me):
    make_listed(session, "Both", terms=("send", "genre-jazz"))
    text = visitor.open(f"{HERE}?need=send&genre=genre-jazz&q=both&page=2").text
    assert 'href="/directory?genre=genre-jazz&amp;q=both"' in text
    assert 'href="/directory?need=send&amp;genre=genre-jazz"' in text


def test_hidden_terms_are_in_no_filter_and_no_count(session, visitor, me):
    make_listed(session, "Open", terms=("send",))
    make_listed(session, "Shy", terms=("send", "genre-jazz"), see={ProfileField.NEEDS: NOBODY})
    assert names(visitor, "?need=send") == ["Open"]
    assert counts(visitor)["Special Educational Needs and Disability"] == "1"
    assert names(visitor, "?q=disability") == ["Open"]


@pytest.mark.parametrize("way", ["disabled", "membership", "locked", "turned off"])
def test_who_leaves_vanishes_at_once(session, visitor, me, way):
    amara = make_listed(session, "Amara Osei", terms=("send",))
    assert names(visitor) == ["Amara Osei"]
    path = path_of(session, amara)
    assert visitor.open(path).status_code == 200
    if way == "disabled":
        desk.disable(session, key=amara.key, reason="x", actor=_actor(session), now=NOW)
    elif way == "membership":
        held = _membership_of(session, amara)
        actor = _actor(session)
        granting.end(session, key=held, actor=actor, now=NOW)
    elif way == "locked":
        lock = FieldLock(person_id=amara.id, field=ProfileField.ENTRY, reason="x", locked_at=NOW)
        session.add(lock)
        raise_revision(session, SCOPE, NOW)
    else:
        _set(session, amara, {ProfileField.ENTRY: NOBODY})
    session.commit()
    assert names(visitor) == []
    assert ">0 people</h2>" in visitor.text
    assert visitor.open(path).status_code == 404


def _set(session, person, choices):
    profile = session.scalars(select(Profile).where(Profile.person_id == person.id)).one()
    for field, seen in choices.items():
        setattr(profile, f"see_{field.value}", seen)
    raise_revision(session, SCOPE, NOW)


def _membership_of(session, person):
    return session.scalars(select(Membership.key).where(Membership.person_id == person.id)).one()


def _actor(session):
    coordinator = make_coordinator(session)
    return Actor(coordinator.id, coordinator.name)


def test_new_names_are_found_at_once_and_old_ones_no_more(session, visitor, me):
    amara = make_listed(session, "Amara Osei")
    bury = make_organisation(session, name="Bury Music")
    session.commit()
    assert names(visitor, "?q=osei") == ["Amara Osei"]
    edit = {"version": 1, "organisation": "", "actor": _actor(session), "now": NOW}
    desk.edit_person(session, key=amara.key, name="Amara Smith", **edit)
    affiliations.begin(
        session, person_id=amara.id, organisation_key=bury.key, actor=_actor(session), now=NOW
    )
    session.commit()
    assert names(visitor, "?q=osei") == []
    assert names(visitor, "?q=smith+bury") == ["Amara Smith"]
    details = Details(name="Bolton Music")
    editing.edit(session, key=bury.key, version=1, details=details, actor=_actor(session), now=NOW)
    session.commit()
    assert names(visitor, "?q=bury") == []
    assert names(visitor, "?q=bolton") == ["Amara Smith"]


def test_memberships_end_by_themselves_at_midnight(session, visitor, me, at):
    amara = make_person(session, name="Amara Osei")
    last = (NOW - timedelta(days=28)).date()  # With 28 days of grace: today is the last day.
    make_membership(session, person_id=amara.id, ends_on=last)
    make_profile(session, amara)
    assert names(visitor) == ["Amara Osei"]
    with at(NOW.replace(hour=23, minute=59)):
        assert names(visitor) == ["Amara Osei"]
    with at(NOW + timedelta(hours=12)):
        assert names(visitor) == []
        assert "Nobody is in the directory yet." in visitor.text


def test_a_seat_of_an_organisation_is_enough(session, visitor, me):
    bury = make_organisation(session)
    make_membership(session, organisation_id=bury.id, kind="organisation")
    amara = make_person(session, name="Amara Osei")
    seat = Seat(key="s", organisation_id=bury.id, person_id=amara.id, given_at=NOW)
    session.add(seat)
    session.commit()
    make_profile(session, amara)
    assert names(visitor) == ["Amara Osei"]


def test_pages_of_ten(session, visitor, me):
    for number in range(12):
        make_listed(session, f"Person {number:02d}")
    assert len(names(visitor)) == 10
    assert names(visitor, "?page=2") == ["Person 10", "Person 11"]
    assert names(visitor, "?page=99") == ["Person 10", "Person 11"]


def test_the_same_queries_for_one_and_for_many(session, visitor, me, count_queries):
    make_listed(session, "Amara", terms=("send",))
    names(visitor)
    with count_queries() as few:
        names(visitor)
    for number in range(30):
        make_listed(session, f"Person {number:02d}", terms=("send", "genre-jazz"))
    names(visitor)
    with count_queries() as many:
        names(visitor)
    assert len(few) == len(many)


def test_a_hundred_people_in_ten_minutes(session, visitor, me, at):
    people = [make_listed(session, f"Person {number:03d}") for number in range(101)]
    for page in range(1, 11):
        assert visitor.open(f"{HERE}?page={page}").status_code == 200
    for page in (3, 1):  # Whom they have seen, they may look at again.
        assert visitor.open(f"{HERE}?page={page}").status_code == 200
    assert visitor.open(path_of(session, people[5])).status_code == 200
    refused = visitor.open(path_of(session, people[100]))
    assert refused.status_code == 429
    assert "You have looked at 100 people within ten minutes." in refused.text
    assert "Try again in 10 minutes." in refused.text or "11 minutes" in refused.text
    assert refused.headers["Retry-After"] == "601"
    assert visitor.open(f"{HERE}?page=11").status_code == 429
    with at(NOW + timedelta(minutes=9, seconds=59)):
        assert visitor.open(f"{HERE}?page=11").status_code == 429
    with at(NOW + timedelta(minutes=10)):
        assert visitor.open(f"{HERE}?page=11").status_code == 200


def test_the_page_of_one_person(session, as_person, me):
    amara = make_listed(
        session,
        "Amara Osei",
        role="Music leader",
        phone="020 7946 0123",
        website="https://amara.example.org",
        terms=("send", "area-london"),
        see={ProfileField.PHONE: MEMBERS},
    )
    path = path_of(session, amara)
    page = as_person(me).open(path)
    for words in ("Music leader", "020 7946 0123", "amara.example.org", "London", "Write to Amara"):
        assert words in page.text
    assert amara.email not in page.text
    assert as_person(None).open(path).status_code == 404
    assert as_person(make_person(session)).open(path).status_code == 404
    assert "This is you." in as_person(amara).open(path).text


def test_the_public_page_shows_what_is_for_everyone(session, as_person, me):
    amara = make_listed(
        session,
        "Amara Osei",
        role="Music leader",
        about="For members",
        terms=("send",),
        see={ProfileField.ENTRY: EVERYONE, ProfileField.ROLE: EVERYONE},
    )
    page = as_person(None).open(path_of(session, amara))
    assert (page.status_code, "Music leader" in page.text) == (200, True)
    assert "For members" not in page.text
    assert "Disability" not in page.text


def test_not_there_and_not_for_you_are_the_same(session, as_person, me):
    amara = make_listed(session, "Amara Osei")
    theirs = as_person(None).open(path_of(session, amara))
    nothing = as_person(None).open("/directory/amara-osei-2345678923")
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert theirs.text == nothing.text


def test_a_new_name_takes_no_link_away(session, visitor, me):
    amara = make_listed(session, "Amara Osei")
    old = path_of(session, amara)
    session.get_one(Person, amara.id).name = "Amara Smith"
    session.commit()
    visitor.open(old)
    assert visitor.path == path_of(session, session.get_one(Person, amara.id))
    assert "amara-smith" in visitor.path


def test_members_of_the_demo_are_in_no_other_directory(session, visitor, me, monkeypatch):
    amara = make_listed(session, "Amara Osei")
    session.get_one(Person, amara.id).is_demo = True
    session.commit()
    assert names(visitor) == ["Amara Osei"]
    kept.forget_all()
    monkeypatch.setitem(session.info, "site", replace(session.info["site"], demo=False))
    assert (
        entry_at(
            session, path_of(session, amara).rpartition("/")[2], audience=Audience.MEMBERS, at=NOW
        )
        is None
    )
    assert search(session, words="", asked={}, number=1, now=NOW).page.total == 0
