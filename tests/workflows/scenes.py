"""Somebody who is in our books twice, with a bit of everything."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select

from netapp.audit.operations import Actor
from netapp.events.models import (
    BookedAs,
    EventHelper,
    HelperRole,
    Interest,
)
from netapp.feeds.models import FeedToken, GroupFeedToken
from netapp.groups.models import GroupMember
from netapp.kernel.changes import Change
from netapp.kernel.db import Base
from netapp.mail.models import OutboxMessage
from netapp.membership.models import Seat
from netapp.organisations.models import Affiliation
from netapp.people.access import Told
from netapp.people.models import Passkey, ProfileKind
from netapp.people.operations import access
from netapp.workflows.merge_people import merge_people, undo_merge
from tests.events.scenes import book
from tests.factories import (
    NOW,
    make_event,
    make_member,
    make_membership,
    make_organisation,
    make_person,
    make_sign_in,
)
from tests.groups.scenes import make_group

JO = Actor(None, "Jo Field")
LATER = NOW + timedelta(hours=1)

COUNTERS = {("events", "revision"), ("events", "page_revision")}
NOT_BROUGHT_BACK = {
    # What is only ever added to, or says that something happened.
    *("audit_lines", "booking_entries", "outbox_messages", "changes", "change_moves", "revisions"),
    *(
        "sign_ins",
        "second_steps",
        "one_time_links",
        "sign_in_codes",
        "address_changes",
    ),  # They end for good.
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
        columns = [c for c in table.columns if (name, c.name) not in COUNTERS]
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


def make_two(session):
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
