"""The calendar of a group: for each of its people an address of their own."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.operations import Actor
from netapp.events.models import Audience, EventStatus, SessionStatus
from netapp.feeds.models import GroupFeedToken
from netapp.feeds.operations import make_group_token
from netapp.groups.models import EndOfMembership, GroupMember
from netapp.groups.operations.editing import edit_group
from netapp.groups.operations.people import end_membership
from netapp.groups.plans import GroupPlan
from tests.factories import NOW, make_coordinator, make_event, make_member, make_person
from tests.feeds.reading import changed, entries, header_lines, summaries
from tests.groups.scenes import make_group, make_group_event, put_in


@pytest.fixture
def me(session):
    return make_member(session)


@pytest.fixture
def group(session, me):
    return make_group(session, me, slug="circle", name="Circle")


@pytest.fixture
def token(session, group, me):
    mine = GroupMember.group_id == group.id, GroupMember.person_id == me.id
    made = make_group_token(
        session, member_id=session.scalars(select(GroupMember.id).where(*mine)).one(), now=NOW
    )
    session.commit()
    return made


@pytest.fixture
def feed(client, token):
    def fetch(**options):
        return client.get(f"/calendar/group/{token}.ics", buffered=True, **options)

    return fetch


def test_every_meeting_of_the_group_and_nothing_else(session, group, feed):
    meeting = make_group_event(session, group, title="Ours", sessions=2)
    make_event(session, group_id=group.id, audience=Audience.EVERYONE, title="Open evening")
    make_group_event(session, group, title="Draft", status=EventStatus.DRAFT, published_at=None)
    make_group_event(session, make_group(session), title="Theirs")
    make_event(session, title="Anybody's")
    changed(session)

    answer = feed()

    assert sorted(summaries(answer)) == ["Open evening", "Ours", "Ours"]
    assert {entry["UID"] for entry in entries(answer)} >= {
        f"session-{date.key}@network.example" for date in meeting.sessions
    }
    assert header_lines(answer)["NAME"] == "Circle"


def test_headers_keep_the_address_secret(session, group, feed, token):
    make_group_event(session, group)
    changed(session)
    answer = feed()
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Content-Disposition"] == 'inline; filename="group.ics"'
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
    assert token not in answer.text + str(answer.headers)
    assert "SOURCE" not in answer.text
    assert "meet.example.org" not in answer.text


def test_what_has_not_changed_is_answered_304_until_it_does(session, group, feed):
    make_group_event(session, group, title="First")
    changed(session)
    tag = feed().headers["ETag"]
    assert feed(headers={"If-None-Match": tag}).status_code == 304
    make_group_event(session, group, title="Second")
    changed(session)
    assert feed(headers={"If-None-Match": tag}).status_code == 200


def test_a_new_name_of_the_group_is_a_change(session, group, feed):
    tag = feed().headers["ETag"]
    edit_group(
        session,
        group_id=group.id,
        plan=GroupPlan(name="Ring", kind=group.kind),
        seen_version=1,
        actor=Actor(None, "x"),
        now=NOW,
    )
    session.commit()
    answer = feed(headers={"If-None-Match": tag})
    assert header_lines(answer)["NAME"] == "Ring"


def test_an_unchanged_feed_costs_one_query(session, group, feed, count_queries):
    feed()
    with count_queries() as statements:
        feed()
    assert len([s for s in statements if s.startswith("SELECT")]) == 1


def test_a_cancelled_meeting_says_so_and_goes_after_a_week(session, group, feed, at):
    event = make_group_event(session, group, title="Off", starts_at=NOW + timedelta(days=1))
    event.status = EventStatus.CANCELLED
    event.sessions[0].status = SessionStatus.CANCELLED
    changed(session)
    assert summaries(feed()) == ["Cancelled: Off"]
    with at(NOW + timedelta(days=9)):
        assert summaries(feed()) == []


@pytest.mark.parametrize("how", ["left", "closed account", "ended", "made anew", "deleted"])
def test_the_address_ends(session, group, me, feed, how, as_person):
    assert feed().status_code == 200
    member = session.scalars(select(GroupMember)).one()
    if how == "left":
        left = EndOfMembership.LEFT
        end_membership(session, group_id=group.id, member_id=member.id, how=left, now=NOW)
        put_in(session, group, me)  # Coming back does not revive it.
    elif how == "closed account":
        me.disabled_at = NOW
    elif how == "made anew":
        make_group_token(session, member_id=member.id, now=NOW)
    elif how == "ended":
        page = as_person(me)
        page.open("/groups/circle/calendar")
        page.send("/end")
        assert "That calendar address leads nowhere now." in page.text
    else:
        session.delete(session.scalars(select(GroupFeedToken)).one())
    session.commit()
    answer = feed()
    assert answer.status_code == 404
    assert answer.text == "There is no calendar here.\n"


@pytest.mark.parametrize("path", ["x", "../x", "a" * 43, "é" * 30])
def test_wrong_addresses_are_all_alike(client, group, path):
    answer = client.get(f"/calendar/group/{path}.ics")
    assert answer.status_code == 404


def test_a_personal_address_opens_no_group_and_the_other_way_round(client, token):
    assert client.get(f"/calendar/my/{token}.ics").status_code == 404


def test_one_of_the_group_makes_an_address_that_is_shown_once(session, group, me, as_person):
    page = as_person(me)
    page.open("/groups/circle/calendar")
    page.send("/calendar")
    assert page.page.headers["Cache-Control"] == "no-store"
    address = page.text.split("/calendar/group/")[1].split(".ics")[0]
    assert as_person(None).client.get(f"/calendar/group/{address}.ics").status_code == 200
    assert address not in page.open("/groups/circle/calendar").text


def test_nobody_outside_gets_an_address(session, group, as_person):
    for other in (make_person(session), make_member(session), make_coordinator(session)):
        assert as_person(other).open("/groups/circle/calendar").status_code == 404


def test_the_last_fetch_is_noted_to_five_minutes(session, group, feed, at):
    feed().close()
    token = session.scalars(select(GroupFeedToken).execution_options(populate_existing=True)).one()
    assert token.last_fetched_at == NOW
