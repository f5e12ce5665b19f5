"""Events in every state a page can show, with people in them; names as long as they may be."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from netapp.events.models import (
    Art,
    Audience,
    BookedAs,
    Booking,
    Event,
    EventQuestion,
    EventStatus,
    HolidayCalendar,
    Idea,
    Interest,
    Mode,
    PatternDate,
    Place,
    Question,
    QuestionKind,
    Segment,
    SessionStatus,
    Theme,
)
from netapp.events.operations import booking as operations
from netapp.events.operations.booking import Party
from netapp.events.operations.changing import cancel_booking
from netapp.events.operations.naming import Naming, name_attendees
from netapp.groups.models import Group
from netapp.kernel.tokens import new_key
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person
from netapp.privacy.models import AskKind
from netapp.privacy.operations.asking import ask as ask_about_data
from tests.browser.directory_scenes import Listed, make_long_entry
from tests.browser.membership_scenes import Belonging, make_long_belonging
from tests.browser.organisation_scenes import Registered, make_long_organisation
from tests.events.asked import ask, attendee
from tests.events.manage.pattern_scenes import make_calendar, repeat
from tests.events.scenes import book, fill, wish
from tests.factories import NOW, make_event, make_guest, make_member
from tests.groups.scenes import make_group
from tests.imports.scenes import load as load_people

LONG_WORD = "Musikschulunterrichtsstundenplanänderungsbenachrichtigung"
LONG_TITLE = f"{LONG_WORD} and other words that no line can hold: {LONG_WORD}"[:200]
LONG_NAME = f"Wolfeschlegelsteinhausenbergerdorff {LONG_WORD}"[:120]


@dataclass
class Season:
    """``mine`` are the bookings of ``person``, by what they show; ``mail_key`` is a mail of one."""

    person: Person
    events: dict[str, Event]
    mine: dict[str, Booking]
    mail_key: str
    asked: EventQuestion
    library_key: str  # Of that question.
    attendee_key: str  # Of that person on the booking "confirmed", whose event asks questions.
    repeated: Event  # By a pattern, of which one date was changed by hand.
    pattern_key: str
    calendar: HolidayCalendar
    given: tuple[str, str]  # A place of theirs that somebody else booked: reference and key.
    organisation: Registered  # Of which ``person`` is the contact.
    listed: Listed  # Who has written to ``person``.
    idea: Idea  # With the slug of the event "open", so that one word fits both addresses.
    group: Group  # With that slug, too.
    belonging: Belonging
    about_data_key: str  # What they asked about their data.
    people_file: str  # A list with faults, and with people to compare.


def make_season(session: Session, person: Person) -> Season:
    events = {
        "open": _full_of_words(session),
        "one date": make_event(session, mode=Mode.IN_PERSON, capacity=None),
        "course": make_event(
            session,
            sessions=3,
            booked_as=BookedAs.WHOLE,
            cost="Free",
            runs_from=8,
            decide_on=NOW.date(),
        ),
        "waiting list": make_event(session, capacity=1),
        "full": make_event(session, capacity=1, has_waiting_list=False),
        "members": make_event(session, audience=Audience.MEMBERS),
        "not open": make_event(session, booking_opens_at=NOW + timedelta(days=5)),
        "closed": make_event(session, booking_closes_at=NOW - timedelta(days=1)),
        "past": make_event(session, starts_at=NOW - timedelta(days=30)),
        "offer": make_event(session, capacity=1),
        "cancelled": make_event(session, sessions=2, cancel_reason="The hall has no heating."),
        "record": make_event(session, starts_at=NOW - timedelta(days=2000), is_record=True),
        "long": make_event(
            session,
            sessions=2,
            title=LONG_TITLE,
            summary=LONG_TITLE,
            mode=Mode.IN_PERSON,
            who_for=LONG_TITLE,
            cost=LONG_WORD,
            hosts=LONG_TITLE,
            access_contact_name=LONG_NAME,
            description=f"# {LONG_WORD}\n\n{LONG_WORD * 2}\n\n- {LONG_WORD}\n\n`{LONG_WORD * 3}`",
        ),
    }
    events["record"].mode = None
    for each in events["long"].sessions:
        each.place, each.title = LONG_TITLE, LONG_TITLE
    mine = {
        "confirmed": book(session, events["open"], 0, 1, person=person),
        "long": book(session, events["long"], 0, person=person),
        "cancelled": book(session, events["cancelled"], 0, 1, person=person),
        "given back": book(session, events["one date"], 0, person=person),
    }
    fill(session, events["waiting list"], 0, people=1)
    fill(session, events["full"], 0, people=1)
    mine["waiting"] = book(session, events["waiting list"], 0, person=person)
    (holder,) = fill(session, events["offer"], 0, people=1)
    mine["offer"] = book(session, events["offer"], 0, person=person)
    cancel_booking(session, booking_id=holder.id, now=NOW)
    cancel_booking(session, booking_id=mine["given back"].id, now=NOW)
    session.commit()
    _cancel_without_letters(session, events["cancelled"])
    mine["party"] = _party(session, person, waits=False)
    mine["party that waits"] = _party(session, person, waits=True)
    about_data = ask_about_data(
        session, person=person, kind=AskKind.OTHER, words=LONG_NAME * 3, now=NOW
    )
    session.commit()
    mail_key = session.scalars(select(OutboxMessage.key).order_by(OutboxMessage.id)).first()
    idea = _idea(session, events["open"].slug)
    for interest in ({"idea_id": idea.id}, {"event_id": events["not open"].id}):
        session.add(Interest(key=new_key(), person_id=person.id, given_at=NOW, **interest))
    session.commit()
    for kind in (QuestionKind.YES_NO, QuestionKind.LONG_TEXT):
        asked = ask(session, events["open"], f"{LONG_TITLE} {kind.value}", kind)
    library_key = session.get_one(Question, asked.question_id).key
    key = attendee(session, mine["confirmed"]).key
    repeated = make_event(session, title="Every week")
    calendar = make_calendar(
        session, (LONG_TITLE[:100], date(2027, 2, 1), date(2027, 2, 5)), area=LONG_TITLE[:100]
    )
    pattern = repeat(session, repeated, title=LONG_TITLE, calendar_id=calendar.id)
    session.scalars(select(PatternDate)).first().by_hand = True
    session.commit()
    given = _given_to(session, person)
    return Season(
        person=person,
        events=events,
        mine=mine,
        mail_key=mail_key or "",
        about_data_key=about_data.key,
        asked=asked,
        library_key=library_key,
        attendee_key=key,
        repeated=repeated,
        pattern_key=pattern.key,
        calendar=calendar,
        given=given,
        idea=idea,
        group=make_group(
            session, slug=events["open"].slug, name=LONG_TITLE[:160], purpose=LONG_TITLE
        ),
        organisation=make_long_organisation(session, person),
        listed=make_long_entry(session, person),
        belonging=make_long_belonging(session, person),
        people_file=_people_file(session, person),
    )


def _people_file(session: Session, person: Person) -> str:
    rows = (
        "Name,Email,Organisation",
        f"{LONG_NAME},long@example.org,{LONG_TITLE[:160].replace(',', '')}",
        f"{person.name.replace(',', '')},another@example.org,",
        f"Kim Lee,{LONG_WORD} at example,",
    )
    return load_people(session, "\n".join(rows), filename=f"{LONG_WORD[:60]}.csv").key


def _party(session: Session, person: Person, *, waits: bool) -> Booking:
    """Names as long as they may be, and a place for which nobody is named."""
    event = make_event(session, sessions=2, title=LONG_TITLE, capacity=4)
    if waits:
        fill(session, event, 0, people=2)
    party = Party(
        4, names=(LONG_NAME, "Kim Lee"), organisation=LONG_TITLE[:160], order_number=LONG_WORD[:60]
    )
    booking = operations.book(
        session,
        event_id=event.id,
        person=person,
        wish=wish(event, 0, name=person.name, party=party),
        now=NOW,
    )
    session.commit()
    return booking


def _given_to(session: Session, person: Person) -> tuple[str, str]:
    event = make_event(session, sessions=2, title=LONG_TITLE, mode=Mode.ONLINE)
    booker = make_member(session, name=LONG_NAME)
    party = Party(2, organisation=LONG_TITLE[:160])
    booking = operations.book(
        session,
        event_id=event.id,
        person=booker,
        wish=wish(event, 0, 1, name=booker.name, party=party),
        now=NOW,
    )
    session.commit()
    key = booking.attendees[1].key
    names = [Naming(key, person.name, person.email)]
    name_attendees(session, booking_id=booking.id, names=names, now=NOW)
    session.commit()
    return booking.reference, key


def _idea(session: Session, slug: str) -> Idea:
    idea = Idea(key=new_key(), slug=slug, title=LONG_TITLE, words=LONG_TITLE, created_at=NOW)
    session.add(idea)
    session.commit()
    return idea


def _full_of_words(session: Session) -> Event:
    event = make_event(
        session,
        sessions=3,
        title="Working With Chaos",
        theme=Theme.INCLUSION,
        art=Art.CHAOS,
        summary="Three afternoons on sessions where nothing runs to plan.",
        description="## What we do\n\nWe **play** and [read](https://example.org).\n\n- one",
        who_for="Anyone who leads music with young people.",
        cost="Free for members, £30 for others.",
        hosts="The network",
        partners="A music hub",
        access_facts=[
            {"kind": "captions", "text": "at every session"},
            {"kind": "step-free", "text": ""},
            {"kind": "unchecked", "text": "Ask us about the second room."},
        ],
    )
    first, second, third = event.sessions
    first.note, second.title = "Bring an instrument.", "A title of its own"
    session.add(
        Segment(
            session_id=first.id,
            title="Social time",
            starts_at=first.starts_at + timedelta(hours=2),
            ends_at=None,
        )
    )
    third.status, third.cancel_reason = SessionStatus.CANCELLED, "The hall has no heating."
    session.commit()
    return event


def _cancel_without_letters(session: Session, event: Event) -> None:
    event.status = EventStatus.CANCELLED
    session.commit()


def make_long_member(session: Session) -> Person:
    return make_member(session, name=LONG_NAME, email=f"{'a' * 60}@{'b' * 60}.example.org")


def make_long_guest(session: Session) -> Person:
    return make_guest(session, name=LONG_NAME, email=f"{'c' * 60}@{'d' * 60}.example.org")


def places_of(session: Session, person: Person) -> list[tuple[int, str]]:
    """(date, state) of each place of a person, in order of the dates."""
    found = (
        select(Place.session_id, Place.state)
        .join(Booking)
        .where(Booking.person_id == person.id)
        .order_by(Place.session_id, Place.id)
    )
    return [(session_id, state.value) for session_id, state in session.execute(found)]
