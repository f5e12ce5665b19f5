"""Who walks through all addresses, and something real for the variable part of each."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from netapp.audit.operations import Actor
from netapp.events.links import booking_key
from netapp.events.models import Booking, BookingSource, HelperRole, Idea, Question
from netapp.events.operations.booking import Wish, book_as_guest
from netapp.feeds.operations import make_group_token, make_token
from netapp.groups.models import GroupMember
from netapp.kernel.site import site_of
from netapp.mail.models import OutboxMessage
from netapp.membership.invoice_models import Invoice
from netapp.membership.models import Membership
from netapp.membership.operations.applying import Answers, apply
from netapp.people.models import Person, Role, RoleGrant, SignIn
from netapp.people.operations.accounts import ask_for_reset
from netapp.privacy.models import AskKind
from netapp.privacy.operations.asking import ask as ask_about_data
from netapp.safeguarding.operations.checks import note_check
from netapp.safeguarding.operations.kinds import load_kinds as load_check_kinds
from netapp.vocabulary.models import Term, TermKind
from tests.events.asked import ask, attendee
from tests.events.manage.pattern_scenes import make_calendar, repeat
from tests.events.scenes import book
from tests.factories import (
    NOW,
    make_authenticator,
    make_coordinator,
    make_event,
    make_helper,
    make_member,
    make_organisation,
    make_person,
)
from tests.groups.scenes import make_group
from tests.imports.scenes import load as load_people
from tests.membership.seat_scenes import contact, make_member_organisation
from tests.people.letters import link_in
from tests.visitor import Visitor

NOTHING = "nothing-here"
GROUP_ROOMS = (
    *("group", "groups", "group_people", "group_calendar"),
    *("meetings", "meeting_papers", "decisions"),
)


@dataclass
class Scene:
    """Who walks, and what stands in the variable parts of addresses, by endpoint (or blueprint,
    or anywhere) and name."""

    visitors: dict[str, Visitor]
    values: dict[tuple[str, str], str]

    def address(self, rule: Rule) -> str:
        parts = {name: self._value(rule.endpoint, name) for name in rule.arguments}
        built = rule.build(parts)
        assert built is not None
        return built[1]

    def _value(self, endpoint: str, name: str) -> str:
        places = (endpoint, endpoint.partition(".")[0], "")
        return next((v for place in places if (v := self.values.get((place, name)))), NOTHING)

    def is_real(self, rule: Rule) -> bool:
        return NOTHING not in self.address(rule)


def make_scene(session: Session, as_person: Callable[[Person | None], Visitor]) -> Scene:
    member = make_member(session, email="member@example.org", name="Amina Okafor")
    coordinator = make_coordinator(session, email="jo@example.org", name="Jo Field")
    event = make_event(session, slug="spring-day", title="Spring day")
    session.add(Term(slug="send", label="SEND", kind=TermKind.CIRCUMSTANCE, position=1))
    booking = book(session, event, 0, person=member)
    asked = ask(session, event)
    book_as_guest(
        session,
        event_id=event.id,
        email="guest@example.org",
        wish=Wish(name="Ben Adeyemi", session_keys=[event.sessions[0].key]),
        now=NOW,
    )
    feed_key, feed_token = make_token(session, person_id=member.id, name="Phone", now=NOW)
    idea = Idea(key="idea1", slug=event.slug, title="Songs", words="Songs.", created_at=NOW)
    session.add(idea)
    ask_for_reset(session, email=member.email, device="a browser", now=NOW)
    session.commit()
    organisation = make_member_organisation(session, "Bury Music")
    contact(session, organisation, member)
    helper, reader, door = (
        make_person(session, email=f"{who}@example.org") for who in ("helper", "reader", "door")
    )
    make_helper(session, event, helper)
    make_helper(session, event, reader, reads_needs=True)
    make_authenticator(session, reader)
    lead = make_person(session, email="lead@example.org")
    make_authenticator(session, lead)
    session.add(RoleGrant(person_id=lead.id, role=Role.SAFEGUARDING_LEAD, granted_at=NOW))
    make_helper(session, event, door, role=HelperRole.DOOR)
    about_data = ask_about_data(
        session, person=member, kind=AskKind.CORRECT, words="My name.", now=NOW
    )
    load_check_kinds(session)
    check = note_check(
        session,
        person_key=member.key,
        kind="references",
        seen_on=NOW.date(),
        due_on=None,
        actor=Actor(None, "Jo Field"),
        now=NOW,
    )
    application = apply(
        session, kind="associate", person_id=door.id, answers=Answers(role="Singer"), now=NOW
    )
    invoice = Invoice(
        key="invoice1",
        year=2027,
        sequence=1,
        name="Amina Okafor",
        email=member.email,
        words="A term",
        pence=2500,
        sender="Us",
        payment="",
        issued_on=NOW.date(),
        due_on=NOW.date(),
        sent_at=NOW,
    )
    session.add(invoice)
    session.commit()
    group = make_group(session, member, lead=coordinator, slug=NOTHING)  # For some it is not.
    in_group = session.scalars(select(GroupMember.id).where(GroupMember.group_id == group.id))
    group_token = make_group_token(session, member_id=in_group.all()[0], now=NOW)
    session.commit()
    half_term = ("Half term", date(2027, 2, 15), date(2027, 2, 19))
    calendar = make_calendar(session, half_term)
    pattern = repeat(session, event, calendar_id=calendar.id)
    people_file = load_people(session, "Name,Email\nDee Hall,dee@example.org\n")
    visitors = {
        "stranger": as_person(None),
        "guest": as_person(None),
        "member": as_person(member),
        "helper": as_person(helper),
        "reader": as_person(reader),
        "door": as_person(door),
        "lead": as_person(lead),
        "coordinator": as_person(coordinator),
    }
    guests = select(Booking).where(Booking.source == BookingSource.GUEST)
    theirs = session.scalars(guests).one()
    key = booking_key(site_of(session), theirs)
    assert visitors["guest"].open(f"/bookings/{theirs.reference}?key={key}").status_code == 200
    values = {
        ("", "slug"): event.slug,
        ("", "key"): event.key,
        ("", "date_key"): event.sessions[0].key,
        ("", "year"): "2027",
        ("feeds.term", "slug"): "send",
        ("feeds.entry", "key"): event.sessions[0].key,
        ("feeds.kind", "kind"): event.kind.value,
        ("feeds.personal", "token"): feed_token,
        ("feeds.group", "token"): group_token,
        ("calendars", "key"): feed_key,
        ("bookings", "reference"): booking.reference,
        ("questions", "person"): attendee(session, booking).key,
        ("desk_event_questions", "question"): asked.key,
        ("desk_questions", "key"): session.get_one(Question, asked.question_id).key,
        ("", "reference"): booking.reference,
        ("links", "token"): link_in(session, member.email).rpartition("/")[2],
        ("account", "key"): session.scalars(
            select(SignIn.key).where(SignIn.person_id == member.id)
        ).one(),
        ("desk_people", "key"): member.key,
        ("desk_people_address", "key"): member.key,
        ("desk_merge_people", "key"): member.key,
        ("desk_people_edit", "key"): member.key,
        ("desk_merge_people", "into"): make_person(session).key,
        ("desk_people_apart", "key"): member.key,
        ("desk_people_apart", "other"): make_person(session).key,
        ("desk_terms_by_hand", "key"): member.key,
        ("desk_terms_by_hand.give_to_organisation", "key"): organisation.key,
        ("desk_terms_by_hand", "membership"): session.scalars(
            select(Membership.key).where(Membership.person_id == member.id)
        ).first()
        or NOTHING,
        ("desk_safeguarding", "key"): member.key,
        ("desk_privacy", "name"): "guests",
        ("desk_privacy", "key"): about_data.key,
        ("desk_safeguarding", "check"): check.key,
        ("imports", "key"): people_file.key,
        ("import_rows", "key"): people_file.key,
        ("import_rows", "state"): "new",
        ("desk_people", "starts_on"): "2020-01-01",
        ("desk_ideas", "key"): idea.key,
        ("desk_holidays", "key"): calendar.key,
        ("desk_holidays", "holiday_key"): calendar.holidays[0].key,
        ("desk_patterns", "pattern_key"): pattern.key,
        ("desk_mail", "key"): session.scalars(select(OutboxMessage.key)).first() or "",
        ("organisations", "slug"): organisation.slug,
        ("desk_organisations", "key"): organisation.key,
        ("desk_organisation_people", "key"): organisation.key,
        ("desk_merge_organisations", "key"): organisation.key,
        ("desk_merge_organisations", "into"): make_organisation(session).key,
        ("desk_seats", "key"): organisation.key,
        ("desk_organisation_undo", "key"): organisation.key,
        ("my_organisation", "slug"): NOTHING,  # Its contacts alone.
        ("seats", "key"): organisation.key,
        ("workplaces", "key"): organisation.key,
        ("workplaces", "affiliation"): NOTHING,  # Each sees their own alone.
        **{(room, "slug"): group.slug for room in GROUP_ROOMS},
        **{(f"desk_{room}", "key"): group.key for room in ("groups", "group_people")},
        ("directory", "slug"): NOTHING,  # Only for those whom its owner lets.
        ("messages", "slug"): NOTHING,
        ("messages", "key"): NOTHING,
        ("messages", "person"): NOTHING,
        ("desk_directory", "key"): member.key,
        ("desk_directory", "name"): "phone",
        ("desk_directory.report", "key"): NOTHING,
        ("desk_directory.close_report", "key"): NOTHING,
        ("join", "slug"): "associate",
        ("applications", "name"): application.key,
        ("my_membership", "key"): NOTHING,  # Each sees their own alone.
        ("desk_applications", "key"): application.key,
        ("desk_kinds", "slug"): "associate",
        ("desk_invoices", "key"): invoice.key,
        ("static", "filename"): "css/site.css",
    }
    return Scene(visitors, values)


def rules_of(app: Flask, method: str) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
