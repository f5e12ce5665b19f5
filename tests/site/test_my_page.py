"""The page of one's own: what is due, my groups, what I contribute, and being asked once."""

from datetime import date, timedelta

import pytest

from netapp.groups.models import Group, GroupKind, GroupMember
from netapp.kernel.tokens import new_key
from netapp.people.models import Person
from tests.directory.scenes import make_listed, path_of
from tests.events.asked import ask
from tests.events.scenes import book
from tests.events.test_naming import book_party
from tests.factories import NOW, make_event, make_member, make_membership, make_person

HERE = "/account"


@pytest.fixture
def amara(session, sign_in):
    return sign_in(make_member(session, name="Amara Osei"))


def due(visitor) -> list[str]:
    """What stands under "What is due"."""
    text = visitor.open(HERE).text
    if 'id="due"' not in text:
        return []
    section = text.split('id="due"')[1].split("</section>")[0]
    return [part.split("</h3>")[0] for part in section.split('<h3 class="h4">')[1:]]


def test_nothing_is_due(visitor, amara):
    assert due(visitor) == []


def test_the_next_booking_is_first(session, visitor, amara):
    book(session, make_event(session, title="Working With Chaos"), 0, person=amara)
    text = visitor.open(HERE).text
    assert text.index("Working With Chaos") < text.index('id="mine"')


def test_questions_of_what_i_booked(session, visitor, amara):
    event = make_event(session, title="Working With Chaos")
    ask(session, event, "Which instrument do you bring?", required=True)
    booking = book(session, event, 0, person=amara)
    assert due(visitor) == ["Working With Chaos asks 1 question"]
    assert f'href="/bookings/{booking.reference}/questions"' in visitor.text


def test_names_for_my_party(session, as_person):
    booking = book_party(session, make_event(session, title="Working With Chaos"))
    visitor = as_person(session.get_one(Person, booking.person_id))
    assert [title for title in due(visitor) if "Working With Chaos" in title] != []
    assert f'href="/bookings/{booking.reference}/names"' in visitor.text


def test_a_membership_to_renew(session, sign_in, visitor):
    person = sign_in(make_person(session))
    make_membership(session, person_id=person.id, ends_on=date(2027, 1, 20))
    assert due(visitor) == ["Renew: Core member"]
    assert "It runs to 20 January 2027." in visitor.text


def test_a_message_until_it_is_answered(session, visitor, as_person, at):
    amara = make_listed(session, "Amara Osei")
    sam = as_person(make_member(session, name="Sam Okoro"))
    sam.open(f"{path_of(session, amara)}/message")
    sam.send("/message", text="Hello")
    mine = as_person(amara)
    assert due(mine) == ["Sam Okoro has written to you"]
    with at(NOW + timedelta(days=15)):
        assert due(as_person(amara)) == []
    mine.open("/account/messages/" + mine.text.split('"/account/messages/')[1].split('"')[0])
    mine.send("/answer", text="Hello Sam")
    assert due(mine) == []


def test_asked_once_whether_others_may_find_me(session, visitor, amara):
    question = "Do you want other members to find you?"
    assert question in visitor.open(HERE).text
    page = visitor.send("/account/profile/not-now")
    assert (page.request.path, question in page.text) == (HERE, False)
    assert question not in visitor.open(HERE).text


def test_who_is_no_member_is_not_asked(session, sign_in, visitor):
    sign_in(make_person(session))
    text = visitor.open(HERE).text
    assert "Do you want other members to find you?" not in text
    assert "Directory of members" not in text


def test_who_has_a_profile_is_not_asked(session, as_person):
    visitor = as_person(make_listed(session, "Zoë"))
    assert "Do you want other members to find you?" not in visitor.open(HERE).text


def test_my_groups(session, visitor, amara):
    group = Group(
        key=new_key(),
        slug="inclusion",
        name="Inclusion",
        kind=GroupKind.WORKING_GROUP,
        created_at=NOW,
    )
    session.add(group)
    session.flush()
    session.add(GroupMember(key=new_key(), group_id=group.id, person_id=amara.id, joined_at=NOW))
    session.commit()
    assert '<a href="/groups/inclusion">Inclusion</a>' in visitor.open(HERE).text
