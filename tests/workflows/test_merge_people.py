"""Two people who turn out to be one: everything follows, and can be taken apart again."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from netapp.audit.operations import Actor
from netapp.events.models import (
    AccessRequest,
    Attendee,
    BookedAs,
    Booking,
    EventHelper,
    HelperRole,
    Interest,
    Place,
    PlaceState,
    RequestKind,
)
from netapp.events.queries.requests import asked_of, request_mark
from netapp.feeds.models import FeedToken, GroupFeedToken
from netapp.feeds.operations import make_token
from netapp.groups.models import Group, GroupMember, RoleKind
from netapp.kernel.changes import Change
from netapp.kernel.crypto import seal
from netapp.kernel.db import Base
from netapp.kernel.errors import StaleEdit
from netapp.kernel.one_person import Follows
from netapp.kernel.site import site_of
from netapp.mail.models import OutboxMessage
from netapp.membership.models import Membership, Seat
from netapp.organisations.models import Affiliation
from netapp.people.access import Told, profile_of
from netapp.people.errors import AccountMustStay, CannotUndo, ClosedForGood
from netapp.people.models import AccessProfile, Passkey, Person, ProfileKind, RoleGrant, SignIn
from netapp.people.operations import access
from netapp.people.operations.guests import find_or_add_guest
from netapp.people.operations.upkeep import purge
from netapp.privacy.operations.keeping import carry_out
from netapp.workflows.close_account import close_account
from netapp.workflows.merge_people import merge_people, undo_merge
from netapp.workflows.person_references import ALL
from tests.events.scenes import book, states
from tests.factories import (
    NOW,
    make_coordinator,
    make_event,
    make_guest,
    make_member,
    make_membership,
    make_organisation,
    make_person,
    make_sign_in,
)
from tests.groups.scenes import make_group, put_in

JO = Actor(None, "Jo Field")
LATER = NOW + timedelta(hours=1)

NOT_BROUGHT_BACK = {
    # What is only ever added to, or says that something happened.
    *("audit_lines", "booking_entries", "outbox_messages", "changes", "change_moves", "revisions"),
    *("sign_ins", "one_time_links", "sign_in_codes", "address_changes"),  # They end for good.
}


def merge(session, gone, kept, **more: Any) -> Change:
    session.refresh(gone)
    session.refresh(kept)
    change = merge_people(
        session,
        key=gone.key,
        into=kept.key,
        versions=(gone.version, kept.version),
        actor=JO,
        now=more.pop("now", LATER),
        **more,
    )
    session.commit()
    return change


def take_apart(session, change, now=LATER):
    undone = undo_merge(session, change_key=change.key, actor=JO, now=now)
    session.commit()
    return undone


def everything(session):
    """Each row of each table, but for counters of writing, by table."""
    found = {}
    for name, table in Base.metadata.tables.items():
        if name in NOT_BROUGHT_BACK:
            continue
        columns = [c for c in table.columns if (name, c.name) != ("events", "revision")]
        found[name] = sorted(str(tuple(row)) for row in session.execute(select(*columns)))
    return found


def pointing_at(session, person_id):
    """The columns that name this person."""
    return {
        (table.name, key.parent.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "people"
        and session.execute(select(func.count()).where(key.parent == person_id)).scalar_one()
    }


def last_mail(session, address):
    mine = OutboxMessage.to_email == address
    return session.scalars(
        select(OutboxMessage.message).where(mine).order_by(OutboxMessage.id.desc())
    ).first()


@pytest.fixture
def scene(session):
    """Amina twice: with an account, and as the guest of an old address; each with a bit of all."""
    kept = make_member(session, name="Amina Okafor", email="amina@example.org")
    gone = make_person(session, name="A. Okafor", email="a.okafor@old.example.org", area="leeds")
    make_membership(
        session, person_id=gone.id, starts_on=date(2026, 9, 1), ends_on=date(2027, 8, 31)
    )
    both, waits, own = (
        make_event(session, sessions=2, capacity=3, booked_as=BookedAs.BY_SESSION) for _ in range(3)
    )
    made = {
        "first": book(session, both, 0, person=kept),
        "second": book(session, both, 0, 1, person=gone),
        "own": book(session, own, 0, person=gone),
        "past": book(session, waits, 0, person=gone),
    }
    group = make_group(session, kept, lead=gone, size_limit=2)
    other = make_group(session, gone)
    for number, member in enumerate(session.scalars(select(GroupMember)).all()):
        session.add(GroupFeedToken(member_id=member.id, token_hash=f"group-{number}", made_at=NOW))
    music = make_organisation(session)
    for person in (kept, gone):
        session.add_all(
            [
                Affiliation(key=f"works-{person.id}", person_id=person.id, created_at=NOW,
                            organisation_id=music.id, is_contact=person is gone),
                Seat(key=f"seat-{person.id}", person_id=person.id, organisation_id=music.id,
                     given_at=NOW, given_by_id=gone.id),
                FeedToken(key=f"feed-{person.id}", person_id=person.id, name="Phone",
                          token_hash=f"feed-{person.id}", made_at=NOW),
                Interest(key=f"likes-{person.id}", event_id=waits.id, person_id=person.id,
                         given_at=NOW),
                EventHelper(event_id=waits.id, person_id=person.id, role=HelperRole.DOOR,
                            reads_needs=person is gone, granted_at=NOW, granted_by_id=gone.id),
            ]
        )  # fmt: skip
    access.keep_profile(
        session, person_id=gone.id, kind=ProfileKind.ACCESS, told=Told((), "a quiet corner"),
        seen_version=0, now=NOW,
    )  # fmt: skip
    session.add(
        Passkey(key="passkey", person_id=gone.id, name="Phone", credential_id=b"1",
                public_key=b"2", created_at=NOW)
    )  # fmt: skip
    make_sign_in(session, gone)
    session.commit()
    return {"kept": kept, "gone": gone, "group": group, "other": other, "both": both, **made}


def test_every_column_that_points_at_people_says_what_follows():
    named = [(rule.column.class_.__tablename__, rule.column.key) for rule in ALL]
    pointing = {
        (table.name, key.parent.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "people"
    }
    assert len(named) == len(set(named))
    assert set(named) == pointing


def test_all_that_referred_to_either_refers_to_who_stays(session, scene):
    kept, gone = scene["kept"], scene["gone"]
    before = pointing_at(session, kept.id) | pointing_at(session, gone.id)
    merge(session, gone, kept)
    once = {
        (rule.column.class_.__tablename__, rule.column.key)
        for rule in ALL
        if isinstance(rule, Follows) and rule.once and not rule.once.ends
    }
    left = pointing_at(session, gone.id)
    assert left <= once | {("passkeys", "person_id")}
    assert before - pointing_at(session, kept.id) <= {
        ("passkeys", "person_id"),
        ("sign_ins", "person_id"),
    }


def test_what_is_merged_and_taken_apart_is_as_it_was(session, scene):
    before = everything(session)
    change = merge(session, scene["gone"], scene["kept"], take={"name", "email"})
    merged = everything(session)
    assert merged != before
    undone = take_apart(session, change)
    assert undone.left == ()
    after = everything(session)
    assert {name: after[name] for name in after if after[name] != before[name]} == {}


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
    assert [row.person_id for row in places] == [kept.id, None, kept.id]
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


def test_a_group_that_filled_up_meanwhile_has_them_once_after_undoing(session, scene):
    change = merge(session, scene["gone"], scene["kept"])
    put_in(session, session.get_one(Group, scene["group"].id), make_member(session))
    undone = take_apart(session, change)
    assert undone.left == (f"{scene['group'].name}: the group is full",)
    assert session.scalar(select(Group.people).where(Group.id == scene["group"].id)) == 2


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


def test_what_was_changed_since_stays_and_is_named(session, scene):
    kept = scene["kept"]
    change = merge(session, scene["gone"], kept, take={"name"})
    session.execute(update(Person).where(Person.id == kept.id).values(name="Amina Hill"))
    session.commit()
    assert take_apart(session, change).left == ("name, address or other details",)
    assert (kept.name, scene["gone"].name) == ("Amina Hill", "A. Okafor")
    with pytest.raises(CannotUndo):
        take_apart(session, change)


def test_after_its_time_a_merge_is_final_and_what_opened_the_other_goes(session, scene):
    change = merge(session, scene["gone"], scene["kept"])
    purge(session, LATER)
    assert session.scalar(select(func.count()).select_from(Passkey)) == 1
    late = LATER + timedelta(days=31)
    with pytest.raises(CannotUndo):
        take_apart(session, change, now=late)
    session.rollback()
    while carry_out(session, late):
        session.commit()
    purge(session, late)
    session.commit()
    assert session.scalar(select(func.count()).select_from(Change)) == 0
    assert session.scalar(select(func.count()).select_from(Passkey)) == 0
    assert session.get_one(Person, scene["gone"].id).merged_into_id == scene["kept"].id


def test_who_goes_for_good_goes_with_who_they_were(session, scene, tmp_path):
    kept, gone = scene["kept"], scene["gone"]
    make_person(session, name="Somebody else")
    access.keep_profile(
        session, person_id=kept.id, kind=ProfileKind.ACCESS, told=Told((), "mine"),
        seen_version=0, now=NOW,
    )  # fmt: skip
    merge(session, gone, kept)
    assert session.scalar(select(func.count()).select_from(AccessProfile)) == 2
    close_account(session, key=kept.key, by=None, folder=tmp_path, now=LATER)
    session.commit()
    assert session.scalar(select(func.count()).select_from(AccessProfile)) == 0
    text = str(everything(session)).casefold()
    assert "okafor" not in text


def test_one_merged_into_another_leads_on_through_both(session, scene):
    kept, gone, last = scene["kept"], scene["gone"], make_person(session)
    merge(session, gone, kept)
    merge(session, kept, last, now=LATER + timedelta(minutes=1))
    found = find_or_add_guest(session, email="a.okafor@old.example.org", name="x", now=LATER)
    assert found.id == last.id


def test_what_cannot_be_merged_is_refused(session, scene, tmp_path):
    guest, kept = make_guest(session), scene["kept"]
    with pytest.raises(AccountMustStay):
        merge(session, kept, guest)
    session.rollback()
    with pytest.raises(StaleEdit):
        merge_people(session, key=guest.key, into=kept.key, versions=(9, 9), actor=JO, now=LATER)
    session.rollback()
    leaver = make_person(session)
    close_account(session, key=leaver.key, by=None, folder=tmp_path, now=NOW)
    session.commit()
    with pytest.raises(ClosedForGood):
        merge(session, leaver, kept)


def test_roles_follow_and_checks_of_who_signs_in_stay(session, scene):
    jo = make_coordinator(session)
    kept = make_coordinator(session)
    merge(session, jo, kept)
    assert session.scalars(select(RoleGrant.person_id).where(RoleGrant.person_id == kept.id)).all()
