"""What becomes of bookings, groups, memberships, addresses where both have some."""

import re
from datetime import date

from sqlalchemy import func, select

from netapp.events.models import (
    AccessRequest,
    Attendee,
    Booking,
    Place,
    PlaceState,
    RequestKind,
)
from netapp.events.queries.requests import asked_of, request_mark
from netapp.feeds.models import FeedToken, GroupFeedToken
from netapp.feeds.operations import make_token
from netapp.groups.models import Group, GroupMember, RoleKind
from netapp.kernel.crypto import seal
from netapp.kernel.site import site_of
from netapp.membership.models import Membership
from netapp.people.access import profile_of
from netapp.people.models import ProfileKind, RoleGrant, SignIn
from netapp.people.operations.guests import find_or_add_guest
from tests.directory.scenes import make_listed, path_of
from tests.events.scenes import book, states
from tests.factories import (
    NOW,
    make_coordinator,
    make_member,
)
from tests.workflows.scenes import LATER, last_mail, merge, take_apart


def test_two_bookings_of_an_event_become_one(session, scene):
    kept, first, second = scene["kept"], scene["first"], scene["second"]
    merge(session, scene["gone"], kept)
    live = select(Booking.id).where(Booking.person_id == kept.id, Booking.live)
    assert second.id not in session.scalars(live).all()
    places = session.execute(
        select(Place.person_id, Attendee.name)
        .join(Attendee, Attendee.id == Place.attendee_id)
        .where(Place.booking_id == first.id)
        .order_by(Place.session_id, Place.id)
    ).all()
    # Two places on the first date, one of them spare; the other date is theirs.
    assert [tuple(row) for row in places] == [
        (kept.id, "Amina Okafor"),
        (None, ""),
        (kept.id, "Amina Okafor"),
    ]
    assert states(session, first) == ["confirmed"] * 3


def test_the_second_place_is_given_up_where_a_coordinator_says_so(session, scene):
    event, waiting = scene["both"], make_member(session)
    book(session, event, 0, person=make_member(session))
    theirs = book(session, event, 0, person=waiting)
    assert states(session, theirs) == ["waiting"]
    change = merge(session, scene["gone"], scene["kept"], gives_up=True)
    assert states(session, theirs) == ["offered"]
    take_apart(session, change)
    assert states(session, theirs) == ["offered"]
    lost = select(Place.state).where(Place.booking_id == scene["second"].id).order_by(Place.id)
    assert session.scalars(lost).all() == [PlaceState.CANCELLED, PlaceState.CONFIRMED]


def test_groups_roles_and_calendars_go_on(session, scene):
    kept, group = scene["kept"], scene["group"]
    merge(session, scene["gone"], kept)
    assert session.scalar(select(Group.people).where(Group.id == group.id)) == 1
    live = session.scalars(
        select(GroupMember).where(GroupMember.group_id == group.id, GroupMember.left_at.is_(None))
    ).one()
    session.refresh(live, ["roles"])
    assert (live.person_id, [role.role for role in live.roles]) == (kept.id, [RoleKind.CHAIR])
    tokens = select(func.count()).where(GroupFeedToken.member_id == live.id)
    assert session.scalar(tokens) == 2
    assert session.scalar(select(func.count()).where(FeedToken.person_id == kept.id)) == 2


def test_both_calendar_addresses_show_the_dates_of_both(session, scene, client):
    kept, gone = scene["kept"], scene["gone"]
    tokens = [make_token(session, person_id=one.id, name="TV", now=NOW)[1] for one in (kept, gone)]
    session.commit()
    theirs = client.get(f"/calendar/my/{tokens[1]}.ics").text
    entries = set(re.findall(r"^UID:(.+)$", theirs, re.MULTILINE))
    merge(session, gone, kept)
    for token in tokens:
        answer = client.get(f"/calendar/my/{token}.ics")
        assert answer.status_code == 200
        assert entries <= set(re.findall(r"^UID:(.+)$", answer.text, re.MULTILINE))


def test_the_longer_of_two_terms_holds(session, scene):
    kept = scene["kept"]
    merge(session, scene["gone"], kept)
    terms = session.execute(
        select(Membership.ends_on, Membership.ended_early)
        .where(Membership.person_id == kept.id)
        .order_by(Membership.starts_on)
    ).all()
    assert terms == [(None, False), (date(2027, 1, 10), True)]


def test_what_helps_them_can_still_be_read_by_them_alone(session, scene):
    kept = scene["kept"]
    merge(session, scene["gone"], kept)
    assert profile_of(session, kept.id)[ProfileKind.ACCESS].told.text == "a quiet corner"


def test_requests_for_interpreters_are_found_under_who_stays(session, scene):
    kept, gone, own = scene["kept"], scene["gone"], scene["own"]
    secret = site_of(session).secret
    event = session.get_one(Booking, own.id)
    session.add(
        AccessRequest(
            key="bsl", event_id=event.event_id, booking_id=own.id, person_id=gone.id,
            mark=request_mark(secret, own.id, gone.id, RequestKind.BSL),
            sealed=seal(secret, b'{"kind": "bsl", "answer": ""}', bound_to="request:bsl"),
            consent_version="1", asked_at=NOW,
        )
    )  # fmt: skip
    session.commit()
    merge(session, gone, kept)
    (asked,) = asked_of(session, session.scalars(select(AccessRequest)).all())
    assert asked.request.mark == request_mark(secret, own.id, kept.id, RequestKind.BSL)


def test_the_old_address_leads_on(session, scene, visitor):
    kept, gone = scene["kept"], scene["gone"]
    old = gone.email
    merge(session, gone, kept)
    assert find_or_add_guest(session, email=old.upper(), name="Amina", now=LATER).id == kept.id
    visitor.open("/sign-in")
    visitor.send("/sign-in", email=old)
    assert last_mail(session, kept.email) == "people/code"
    assert "amina@example.org" not in visitor.text
    assert session.scalars(select(SignIn)).all() == []


def test_both_addresses_are_told_and_neither_names_the_other(session, scene):
    change = merge(session, scene["gone"], scene["kept"], take={"email"})
    assert scene["kept"].email == "a.okafor@old.example.org"
    assert last_mail(session, "a.okafor@old.example.org") == "people/merged"
    assert last_mail(session, "amina@example.org") == "people/merged_former"
    take_apart(session, change)
    assert scene["kept"].email == "amina@example.org"
    assert last_mail(session, "amina@example.org") == "people/parted"


def test_roles_follow_and_checks_of_who_signs_in_stay(session, scene):
    jo = make_coordinator(session)
    kept = make_coordinator(session)
    merge(session, jo, kept)
    assert session.scalars(select(RoleGrant.person_id).where(RoleGrant.person_id == kept.id)).all()


def test_the_old_address_of_a_profile_leads_to_that_of_who_stays(session, visitor, sign_in):
    kept, gone = make_listed(session, "Sian Sample"), make_listed(session, "S. Sample")
    old, new = path_of(session, gone), path_of(session, kept)
    merge(session, gone, kept)
    sign_in(make_listed(session, "Ben Looker"))
    visitor.open(old)
    assert visitor.path == new
    assert "Sian Sample" in visitor.text
