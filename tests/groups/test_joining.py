"""Into a group: by asking, at once, by an invitation; and out of it again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.models import Booking
from netapp.groups.errors import AlreadyAsked, InvitationEnded, MayNotJoin
from netapp.groups.models import (
    FormerGroupSlug,
    GroupInvitation,
    GroupMember,
    GroupRequest,
    GroupRole,
    Joining,
    RoleKind,
)
from netapp.groups.operations import inviting, joining, people
from netapp.groups.operations.partners import add_organisation
from netapp.groups.operations.people import end_all_memberships
from netapp.groups.queries.listing import count_members
from netapp.kernel.site import site_of
from netapp.mail import drafts
from netapp.mail.models import OutboxMessage
from tests.events.scenes import book, mails
from tests.factories import NOW, make_coordinator, make_member, make_organisation, make_person
from tests.groups.scenes import make_group, make_group_event, put_in


@pytest.fixture
def chair(session):
    return make_member(session, name="Cass Chair")


@pytest.fixture
def group(session, chair):
    return make_group(session, lead=chair, name="Early years", slug="early-years")


def people_in(session, group):
    session.expire_all()
    live = GroupMember.group_id == group.id, GroupMember.left_at.is_(None)
    found = set(session.scalars(select(GroupMember.person_id).where(*live)))
    assert session.get(type(group), group.id).people == count_members(session, group.id)
    return found


def test_somebody_asks_and_is_accepted_with_kind_words(session, group, chair, as_person):
    ada = make_member(session, name="Ada Asks")
    asking, leading = as_person(ada), as_person(chair)
    asking.open("/groups/early-years")
    assert "Ask to join" in asking.text
    assert "Cass Chair" not in asking.text  # Nobody said that everyone may see it.
    asking.open("/groups/early-years/join")
    asking.send("/join", words="I teach in nurseries.")
    assert "Your request is on its way." in asking.text
    assert mails(session, to=chair) == ["groups/asked"]
    leading.open("/groups/early-years/people")
    assert "I teach in nurseries." in leading.text
    assert ada.email not in leading.text
    assert ada.email in as_person(make_coordinator(session)).open("/groups/early-years/people").text
    leading.send("/accept", words="Lovely to have you.")
    assert "They are in, and told." in leading.text
    assert people_in(session, group) == {ada.id, chair.id}
    assert mails(session, to=ada) == ["groups/accepted"]
    row = session.scalar(select(OutboxMessage).where(OutboxMessage.to_email == ada.email))
    assert b"Lovely to have you." in drafts.bytes_of(site_of(session), row.key, row.sealed)
    asking.open("/groups/early-years")
    assert "You are in this group" in asking.text
    assert "Cass Chair" in asking.text


def test_declining_needs_words_and_keeps_them(session, group, chair, as_person):
    ada = make_member(session)
    joining.ask(session, group_id=group.id, person=ada, words="", now=NOW)
    session.commit()
    leading = as_person(chair)
    leading.open("/groups/early-years/people")
    decline = leading.form("/accept").action.replace("/accept", "/decline")
    form = leading.form("/accept")
    form.action = decline
    leading.page = leading._submit(form, form.fields)
    assert leading.page.status_code == 422
    assert "Say why, in a sentence or two" in leading.text
    form.fields = [(n, "Not this year, sorry." if n == "words" else v) for n, v in form.fields]
    leading.page = leading._submit(form, form.fields)
    assert "Declined, with your words." in leading.text
    assert people_in(session, group) == {chair.id}
    assert session.scalars(select(GroupRequest.answer)).one() == "Not this year, sorry."
    assert mails(session, to=ada) == ["groups/declined"]


def test_without_somebody_who_leads_the_coordinators_are_told(session):
    group, boss = make_group(session), make_coordinator(session)
    joining.ask(session, group_id=group.id, person=make_member(session), words="", now=NOW)
    assert mails(session, to=boss) == ["groups/asked"]


def test_who_is_no_member_of_the_network_is_told_how_to_join(session, group, as_person):
    stranger = as_person(make_person(session))
    stranger.open("/groups/early-years/join")
    assert "you are not a member at the moment" in stranger.text
    with pytest.raises(MayNotJoin):
        joining.ask(session, group_id=group.id, person=make_person(session), words="", now=NOW)


def test_an_open_group_is_joined_at_once_until_it_is_full(session, as_person):
    make_group(session, joining=Joining.OPEN, size_limit=1, slug="pairs", name="Pairs")
    first, second = as_person(make_member(session)), as_person(make_member(session))
    second.open("/groups/pairs/join")
    first.open("/groups/pairs/join")
    first.send("/join")
    assert "You are in. Welcome!" in first.text
    second.send("/join")
    assert second.page.status_code == 409
    assert "Every place in this group is taken" in second.text


def test_asking_twice_is_one_request_and_can_be_taken_back(session, group, visitor, sign_in):
    person = sign_in(make_member(session))
    visitor.open("/groups/early-years/join")
    visitor.send("/join", words="Please")
    with pytest.raises(AlreadyAsked):
        joining.ask(session, group_id=group.id, person=person, words="", now=NOW)
    session.rollback()
    visitor.open("/groups/early-years/join")
    visitor.send("/take-back")
    assert "Your request is taken back." in visitor.text
    assert session.scalars(select(GroupRequest.state)).one().value == "taken-back"


def link_to(session, person_email):
    row = session.scalar(
        select(OutboxMessage)
        .where(OutboxMessage.to_email == person_email)
        .order_by(OutboxMessage.id.desc())
    )
    text = drafts.bytes_of(site_of(session), row.key, row.sealed).decode()
    text = text.replace("=\r\n", "").replace("=\n", "")
    return "/groups/invitations/" + text.split("/groups/invitations/")[1].split()[0].split('"')[0]


def test_an_invitation_works_once_for_its_address_only(session, group, chair, as_person):
    leading = as_person(chair)
    leading.open("/groups/early-years/people")
    leading.send("/invitations", name="Gil Guest", email="gil@example.org")
    assert "The invitation is on its way." in leading.text
    path = link_to(session, "gil@example.org")
    other = as_person(make_member(session))
    assert "sent to another address" in other.open(path).text
    gil = as_person(make_person(session, email="gil@example.org", name="Gil Guest"))
    gil.open(path)
    assert "You are invited to Early years" in gil.text
    gil.send(path)
    assert "You are in. Welcome!" in gil.text
    assert "This invitation works no more" in other.open(path).text
    assert as_person(None).open(path).status_code == 200
    with pytest.raises(InvitationEnded):
        inviting.use(
            session,
            token=path.rpartition("/")[2],
            person=make_person(session, email="x@example.org"),
            now=NOW,
        )


@pytest.mark.parametrize("after", [timedelta(days=15), None])
def test_an_old_or_withdrawn_invitation_works_no_more(session, group, chair, at, after):
    actor = Actor(chair.id, chair.name)
    made = inviting.invite(
        session, group_id=group.id, email="g@example.org", name="G", actor=actor, now=NOW
    )
    path = link_to(session, "g@example.org")
    if after is None:
        inviting.withdraw(session, group_id=group.id, key=made.key, actor=actor, now=NOW)
    with pytest.raises(InvitationEnded):
        inviting.use(
            session,
            token=path.rpartition("/")[2],
            person=make_person(session, email="g@example.org"),
            now=NOW + (after or timedelta()),
        )


def test_old_invitations_are_deleted(session, group, chair):
    inviting.invite(
        session,
        group_id=group.id,
        email="g@example.org",
        name="G",
        actor=Actor(chair.id, chair.name),
        now=NOW,
    )
    assert inviting.delete_old(session, NOW + timedelta(days=100)) == 0
    assert inviting.delete_old(session, NOW + timedelta(days=105)) == 1
    assert session.scalar(select(GroupInvitation)) is None


def test_leaving_gives_places_back_ends_roles_and_shuts_the_pages(session, group, chair, as_person):
    event = make_group_event(session, group)
    book(session, event, 0, person=chair)
    leaving = as_person(chair)
    leaving.open("/groups/early-years")
    leaving.send("/leave")
    assert "You have left Early years. 1 booking went back with it." in leaving.text
    assert people_in(session, group) == set()
    assert session.scalars(select(Booking.live)).one() is False
    assert session.scalars(select(GroupRole.ends_on)).one() == date(2027, 1, 11)
    assert leaving.open("/groups/early-years/people").status_code == 404
    assert "People</h2>" not in leaving.open("/groups/early-years").text


def test_a_coordinator_removes_somebody_with_words(session, group, chair, as_person):
    boss = make_coordinator(session)
    event = make_group_event(session, group)
    book(session, event, 0, person=chair)
    desk = as_person(boss)
    desk.open(f"/desk/groups/{group.key}/people")
    desk.send("/remove", reason="You asked us to.")
    assert "Cass Chair is no longer in the group, and told." in desk.text
    assert people_in(session, group) == set()
    assert mails(session, to=chair)[-2:] == ["events/booking_cancelled", "groups/removed"]
    assert "1 person who left" in desk.text.replace("people who left", "person who left")


def test_a_closed_account_leaves_every_group(session, group, chair):
    other = make_group(session, chair)
    joining.ask(session, group_id=make_group(session).id, person=chair, words="", now=NOW)
    assert end_all_memberships(session, person_id=chair.id, now=NOW) == 2
    assert people_in(session, group) == set()
    assert people_in(session, other) == set()
    assert session.scalars(select(GroupRequest.state)).one().value == "taken-back"


def test_who_leads_is_public_only_where_they_let_it_be(session, group, chair, as_person):
    leading, stranger = as_person(chair), as_person(None)
    assert "Cass Chair" not in stranger.open("/groups/early-years").text
    leading.open("/groups/early-years")
    leading.send("/named")
    assert "<strong>Chair:</strong> Cass Chair" in stranger.open("/groups/early-years").text


def test_a_former_address_leads_on(session, group, client):
    session.add(FormerGroupSlug(slug="nursery", group_id=group.id))
    session.commit()
    moved = client.get("/groups/nursery")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/groups/early-years")
    assert client.get("/groups/nothing").status_code == 404


def test_a_hidden_group_is_nowhere_for_others(session, as_person):
    inside = make_member(session)
    hidden = make_group(session, inside, slug="secret", name="Secret circle", is_hidden=True)
    session.add(FormerGroupSlug(slug="once-secret", group_id=hidden.id))
    session.commit()
    for other in (as_person(None), as_person(make_member(session))):
        assert "Secret circle" not in other.open("/groups").text
        for path in ("secret", "once-secret"):
            assert other.client.get(f"/groups/{path}").status_code == 404
    assert as_person(make_member(session)).open("/groups/secret/join").status_code == 404
    assert "Secret circle" in as_person(inside).open("/groups").text
    assert "Secret circle" in as_person(make_coordinator(session)).open("/groups/secret").text


def test_a_public_page_tells_nobody_outside_who_is_in(session, group, as_person):
    put_in(session, group, make_person(session, name="Quiet Quin", email="quin@example.org"))
    for other in (as_person(None), as_person(make_member(session))):
        page = other.open("/groups/early-years").text
        assert "Quiet Quin" not in page
        assert "quin@example.org" not in page
        assert "2 people" not in other.open("/groups").text


def test_people_of_a_group_see_names_and_no_organisation(session, group, as_person):
    """Who sees where somebody works is theirs to say, in their profile."""
    put_in(session, group, make_member(session, name="Amara Osei", organisation="Bury Music"))
    put_in(session, group, mate := make_member(session))
    page = as_person(mate).open("/groups/early-years").text
    assert ("Amara Osei" in page, "Bury Music" in page) == (True, False)


def test_only_those_who_lead_open_the_page_of_requests(session, group, chair, as_person):
    ordinary = make_member(session)
    put_in(session, group, ordinary)
    put_in(session, group, treasurer := make_member(session), role=RoleKind.TREASURER)
    for person in (ordinary, treasurer, make_member(session)):
        assert as_person(person).open("/groups/early-years/people").status_code == 404
    assert as_person(chair).open("/groups/early-years/people").status_code == 200
    assert (
        as_person(make_coordinator(session)).open("/groups/early-years/people").status_code == 200
    )


def test_a_term_that_is_over_leads_no_more(session, group, as_person):
    put_in(
        session,
        group,
        former := make_member(session),
        role=RoleKind.CHAIR,
        ends_on=date(2027, 1, 10),
    )
    assert as_person(former).open("/groups/early-years/people").status_code == 404


def test_the_end_of_a_term_is_told_once_four_weeks_before(session, group, chair):
    put_in(
        session, group, sec := make_member(session), role=RoleKind.SECRETARY,
        ends_on=date(2027, 2, 8),
    )  # fmt: skip
    assert people.remind_of_terms(session, NOW - timedelta(days=1)) == 0
    assert people.remind_of_terms(session, NOW) == 1
    assert people.remind_of_terms(session, NOW) == 0
    assert mails(session, to=sec) == ["groups/role_ends"]
    assert mails(session, to=chair) == ["groups/role_ends"]


def test_an_organisation_that_the_public_does_not_see_is_not_on_the_public_page(
    session, group, chair, as_person
):
    hidden = make_organisation(session, name="Quiet Trust", is_listed=False)
    actor = Actor(chair.id, chair.name)
    add_organisation(session, group_id=group.id, slug=hidden.slug, part="", actor=actor, now=NOW)
    session.commit()
    assert "Quiet Trust" not in as_person(None).open("/groups/early-years").text
    assert "Quiet Trust" in as_person(chair).open("/groups/early-years").text
