"""Every page, list, feed and file, read by everybody there is: what is whose stays theirs.

Each secret is a word that stands nowhere else. All addresses are opened by each visitor, plainly
and with a search, and whoever could read a secret must be among those whom it is for: exactly
those, so that a secret which nobody finds any more fails too.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.audit.operations import Actor
from netapp.directory.fields import ProfileField
from netapp.directory.operations.messages import write_to
from netapp.events.models import (
    Booking,
    Event,
    EventMode,
    EventStatus,
)
from netapp.events.operations.preferences import tell_needs
from netapp.events.plans import Telling
from netapp.feeds.models import FeedToken
from netapp.mail.models import OutboxMessage
from netapp.meetings.models import Decision, Meeting
from netapp.meetings.operations.calling import call_meeting
from netapp.meetings.plans import MeetingPlan
from netapp.membership.application_models import Application
from netapp.membership.invoice_models import Invoice
from netapp.membership.models import Membership
from netapp.people.models import Person, SignIn
from netapp.privacy.models import Ask
from netapp.safeguarding.models import Check
from tests.architecture.everybody import GROUP_ROOMS, Scene, rules_of
from tests.directory.scenes import EVERYONE, MEMBERS, NOBODY, make_profile, path_of
from tests.events.asked import answer
from tests.factories import NOW, make_event, make_member, make_organisation, make_sign_in
from tests.groups.scenes import make_group

AMINA, DESK = "member", {"coordinator"}  # She leads a group.
TEAM: Final = {"helper", "reader"}  # Of the event that she has booked.
EVERYBODY: Final = {
    "stranger", "guest", "member", "mate", "other", "helper", "reader", "door", "lead", *DESK,
}  # fmt: skip
READERS: Final[dict[str, set[str]]] = {
    "secret-about": {AMINA, "mate", "other", *DESK},  # Whoever belongs, as she chose.
    "secret-address": {AMINA, *TEAM, *DESK},
    "secret-answer": {AMINA, *TEAM, *DESK},
    "secret-ask": {AMINA, *DESK},
    "secret-check": {AMINA, "lead"},
    "secret-decision": {AMINA, "mate", *DESK},
    "secret-device": {AMINA},
    "secret-draft": DESK,
    "secret-feed": {AMINA},
    "secret-group": {AMINA, "mate", *DESK},
    "secret-invoice": {AMINA, *DESK},
    "secret-join": {AMINA, "mate", *DESK},
    "secret-meeting": {AMINA, "mate", "feed", *DESK},
    "secret-message": {AMINA, "mate"},
    "secret-need": {AMINA, "reader", *DESK},
    "secret-notes": {AMINA, "mate", *DESK},
    "secret-order": {AMINA, *TEAM, *DESK},
    "secret-organisation": DESK,
    "secret-phone": {AMINA},
    "secret-reason": {"door", *DESK},  # Who applies for membership.
    "secret-term": {AMINA, *DESK},
    "secret-website": EVERYBODY,
}
"""Who reads which secret. ``feed`` is whoever has the address of Amina's calendar or her group's:
programs read it without signing in."""
BY_TOKEN: Final = {"feeds.personal", "feeds.group"}
SECRET: Final = re.compile(r"secret-[a-z]+")
READ_BY_FORM: Final = {"desk_needs.read", "desk_needs.for_caterer", "desk_needs.for_caterer_csv"}
SEARCHES: Final = ("", "?q=Amina&who=everyone&show=drafts")


def add_people(session: Session, scene: Scene, as_person: Any) -> tuple[Person, Person]:
    """Amina, and a mate who is in a hidden group with her; and a member who is not."""
    amina = session.scalars(select(Person).where(Person.email == "member@example.org")).one()
    mate, other = (make_member(session, name=name) for name in ("Mina Mate", "Otto Other"))
    scene.visitors |= {"mate": as_person(mate), "other": as_person(other)}
    make_profile(session, mate)
    make_profile(
        session,
        amina,
        see={
            ProfileField.PHONE: NOBODY,
            ProfileField.ABOUT: MEMBERS,
            ProfileField.WEBSITE: EVERYONE,
            ProfileField.ENTRY: EVERYONE,
        },
        phone="secret-phone",
        about="secret-about",
        website="https://example.org/secret-website",
    )
    amina.email = "secret-address@example.org"
    session.commit()
    return amina, mate


def keep_secrets(session: Session, amina: Person) -> None:
    """One in each thing that is Amina's, or only for some."""

    def _set(model: Any, name: str, value: object, *which: Any) -> None:
        assert hasattr(model, name)
        setattr(session.scalars(select(model).where(*which)).one(), name, value)

    booking = session.scalars(select(Booking).where(Booking.person_id == amina.id)).one()
    answer(session, booking, {"Which instrument do you bring?": "secret-answer"})
    tell_needs(session, booking_id=booking.id, telling=Telling(needs="secret-need"), now=NOW)
    booking.order_number = "secret-order"
    _set(Application, "reason", "secret-reason")
    _set(Invoice, "person_id", amina.id)
    _set(Invoice, "note", "secret-invoice")
    _set(Membership, "note", "secret-term", Membership.person_id == amina.id)
    _set(Ask, "words", "secret-ask")
    _set(Check, "seen_by", "secret-check")
    _set(FeedToken, "name", "secret-feed", FeedToken.person_id == amina.id)
    make_sign_in(session, amina)
    for device in session.scalars(select(SignIn).where(SignIn.person_id == amina.id)):
        device.device = "secret-device"
    make_event(session, title="Amina: secret-draft", status=EventStatus.DRAFT, published_at=None)
    make_organisation(session, name="secret-organisation", is_listed=False)
    session.commit()


def meet_in_secret(session: Session, scene: Scene, amina: Person, mate: Person) -> None:
    """A hidden group meets in a moment; its mate has written to Amina. Addresses lead there."""
    group = make_group(session, mate, lead=amina, name="secret-group", is_hidden=True)
    soon = NOW + timedelta(minutes=10)
    plan = MeetingPlan(
        "secret-meeting",
        soon,
        soon + timedelta(hours=1),
        EventMode.ONLINE,
        join_link="https://example.org/secret-join",
    )
    actor = Actor(amina.id, amina.name)
    date = call_meeting(session, group_id=group.id, plan=plan, actor=actor, now=NOW)
    meeting = session.scalars(select(Meeting).where(Meeting.session_id == date.id)).one()
    meeting.notes = "secret-notes"
    session.add(
        Decision(
            key="decision1",
            group_id=group.id,
            meeting_id=meeting.id,
            words="secret-decision",
            decided_at=NOW,
        )
    )
    slug = path_of(session, amina).rpartition("/")[2]
    message = write_to(session, sender_id=mate.id, slug=slug, text="secret-message", now=NOW)
    mail = session.scalars(select(OutboxMessage.key).order_by(OutboxMessage.id.desc())).first()
    assert mail is not None
    event = session.get_one(Event, date.event_id)
    event.slug = "in-a-moment"  # Whoever types an address knows what they typed.
    session.commit()
    scene.values |= {
        ("", "slug"): event.slug,
        ("", "key"): event.key,
        ("", "date_key"): date.key,
        ("feeds.entry", "key"): date.key,
        ("meetings", "key"): date.key,
        ("meeting_papers", "key"): date.key,
        ("directory", "slug"): slug,
        ("messages", "slug"): slug,
        ("messages", "key"): message.key,
        ("desk_mail", "key"): mail,
        **{(room, "slug"): group.slug for room in GROUP_ROOMS},
        **{(f"desk_{room}", "key"): group.key for room in ("groups", "group_people")},
    }


def read_everything(app: Flask, scene: Scene) -> Iterator[tuple[str, str]]:
    """All secrets there are to be read, and by whom."""
    pages = [
        (rule.endpoint, "GET", scene.address(rule) + search)
        for rule in rules_of(app, "GET")
        for search in SEARCHES
    ]
    pages += [
        (rule.endpoint, "POST", scene.address(rule))
        for rule in rules_of(app, "POST")
        if rule.endpoint in READ_BY_FORM
    ]
    for who, visitor in scene.visitors.items():
        visitor.open("/reset-password")
        token = dict(visitor.form("/reset-password").fields)["csrf_token"]
        for endpoint, method, address in pages:
            data = {"csrf_token": token} if method == "POST" else None
            with visitor.client.open(address, method=method, data=data) as page:
                text = page.data.decode(errors="replace")
            for secret in SECRET.findall(text):
                yield secret, "feed" if endpoint in BY_TOKEN else who


@pytest.mark.slow
def test_all_is_read_by_those_whom_it_is_for(app, session, scene, as_person, monkeypatch):
    """Not in demo mode, where mails on the desk show their links."""
    monkeypatch.setitem(session.info, "site", replace(session.info["site"], demo=False))
    amina, mate = add_people(session, scene, as_person)
    keep_secrets(session, amina)
    readers: dict[str, set[str]] = {}
    for secret, who in read_everything(app, scene):
        readers.setdefault(secret, set()).add(who)
    meet_in_secret(session, scene, amina, mate)
    for secret, who in read_everything(app, scene):
        readers.setdefault(secret, set()).add(who)
    assert readers == READERS
