"""What is kept about people who book, come, and help to run events."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select

from netapp.events.consent import BY_VERSION
from netapp.events.models import (
    AccessNeed,
    AccessRequest,
    Answer,
    Attendee,
    Booking,
    BookingEntry,
    BookingWindow,
    Event,
    EventHelper,
    EventPattern,
    EventQuestion,
    EventSession,
    EventTerm,
    FormerSlug,
    HolidayCalendar,
    Idea,
    IdeaTerm,
    Interest,
    InterestRequest,
    PatternDate,
    Place,
    Pool,
    Question,
    QuestionAsked,
    QuestionWording,
    SchoolHoliday,
    Segment,
    SentInvitation,
)
from netapp.events.queries.asking import REQUEST_WORDS
from netapp.events.queries.needs import told_of
from netapp.events.queries.requests import asked_of
from netapp.kernel.db import DbSession
from netapp.kernel.personal_data import (
    About,
    Agreed,
    Clear,
    DataClass,
    Delete,
    Holding,
    Keep,
    Rule,
    Shared,
)
from netapp.kernel.site import site_of
from netapp.people.access import labels
from netapp.people.models import Person, ProfileKind
from netapp.people.personal_data import FORMER_NAME

TECHNICAL, ACTIVITY, BELONGING = DataClass.TECHNICAL, DataClass.ACTIVITY, DataClass.BELONGING
IDENTITY, CONTACT, WORDS = DataClass.IDENTITY, DataClass.CONTACT, DataClass.WORDS

TO_TAKE_PART: Final = "So that you have a place, and hear of changes."
FOR_THE_NUMBERS: Final = "So that the number of people who came to past events stays true."
WITHOUT_YOU: Final = "Without your name, as long as the event is in the archive."
BY: Final = {"worker": "The platform, by itself", "desk": "A coordinator"}
THIS_EVENT: Final = "Until some weeks after the event’s last date: your booking says the day."


def _event(session: DbSession, row: Any) -> Mapping[str, Any]:
    return {"Event": session.scalar(select(Event.title).where(Event.id == row.event_id))}


def _interest(session: DbSession, row: Interest) -> Mapping[str, Any]:
    idea = session.scalar(select(Idea.title).where(Idea.id == row.idea_id))
    return {"Idea": idea} if idea else _event(session, row)


def _date(session: DbSession, row: Place | SentInvitation) -> Mapping[str, Any]:
    """Which date of which event it is about."""
    title, starts_at = session.execute(
        select(Event.title, EventSession.starts_at)
        .join(Event, Event.id == EventSession.event_id)
        .where(EventSession.id == row.session_id)
    ).one()
    return {"Event": title, "Starts": starts_at}


def _needs(session: DbSession, row: AccessNeed) -> Mapping[str, Any]:
    told = told_of(session, row)
    said = [*labels(row.kind, told), *filter(None, [told.text])]
    return {**_event(session, row), "What you told us": said}


def needs_agreed(session: DbSession, row: AccessNeed | AccessRequest) -> list[Agreed]:
    """What the page said beside the tick: the days in it are those that hold now."""
    consent, what = BY_VERSION[row.consent_version], "access needs"
    at = row.asked_at if isinstance(row, AccessRequest) else row.consented_at
    if isinstance(row, AccessNeed) and row.kind is ProfileKind.FOOD:
        what = "dietary needs"
    text = consent.agreement.format(days=site_of(session).needs_keep_days, what=what)
    where = session.scalar(select(Event.title).where(Event.id == row.event_id)) or ""
    return [Agreed(f"Telling an event my {what}", text, consent.version, at, where)]


def _request(session: DbSession, row: AccessRequest) -> Mapping[str, Any]:
    (asked,) = asked_of(session, [row])
    return {
        **_event(session, row),
        "Asked for": REQUEST_WORDS[asked.kind],
        "Our answer": asked.answer,
    }


def _of_my_bookings(column: Any, person: int) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = column.in_(select(Booking.id).where(Booking.person_id == person))
    return mine


def _of_my_attendances(column: Any, person: int) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = column.in_(select(Attendee.id).where(Attendee.person_id == person))
    return mine


HOLDINGS: Final[tuple[Holding | Shared, ...]] = (
    Holding(
        Booking,
        {
            TECHNICAL: "id event_id person_id live link_version version",
            IDENTITY: "name",
            BELONGING: "organisation",
            DataClass.MONEY: "order_number",
            ACTIVITY: "reference source is_party names_asked_at booked_at ended_at",
        },
        (
            About(
                of=lambda person: Booking.person_id == person,
                title="Your bookings",
                why=TO_TAKE_PART,
                until=WITHOUT_YOU,
                closing=Clear(
                    {"name": FORMER_NAME, "organisation": "", "order_number": ""},
                    why=FOR_THE_NUMBERS,
                ),
                reads=_event,
                words={
                    "reference": "Reference",
                    "name": "Name",
                    "organisation": "Organisation",
                    "order_number": "Order number",
                    "booked_at": "Booked",
                    "ended_at": "Ended",
                    "source": "Booked as",
                    "is_party": "For several people",
                    "names_asked_at": "Asked for names",
                },
            ),
        ),
    ),
    Holding(
        Attendee,
        {TECHNICAL: "id key booking_id person_id", IDENTITY: "name"},
        (
            About(
                of=lambda person: or_(
                    Attendee.person_id == person,
                    Attendee.person_id.is_(None) & _of_my_bookings(Attendee.booking_id, person),
                ),
                title="Names you booked for",
                why="So that those who come are expected by name.",
                until=WITHOUT_YOU,
                closing=Clear({"name": ""}, why=FOR_THE_NUMBERS),
                words={"name": "Name"},
            ),
        ),
    ),
    Holding(
        Place,
        {
            TECHNICAL: (
                "id booking_id attendee_id person_id session_id pool_id window_rank passed for_swap"
            ),
            ACTIVITY: (
                "mode state created_at waiting_since offered_at offer_ends_at confirmed_at"
                " ended_at end_reason reminded_at"
            ),
        },
        (
            About(
                of=lambda person: Place.person_id == person,
                title="Your places",
                why=TO_TAKE_PART,
                until=WITHOUT_YOU,
                closing=Keep(FOR_THE_NUMBERS),
                reads=_date,
                words={
                    "state": "State",
                    "mode": "How you come",
                    "created_at": "Asked for",
                    "offered_at": "Offered",
                    "offer_ends_at": "Kept for you until",
                    "confirmed_at": "Confirmed",
                    "ended_at": "Ended",
                    "end_reason": "Why it ended",
                    "reminded_at": "Reminded",
                },
            ),
        ),
    ),
    Holding(
        BookingEntry,
        {TECHNICAL: "id booking_id", ACTIVITY: "at", WORDS: "what", IDENTITY: "by"},
        (
            About(
                of=lambda person: _of_my_bookings(BookingEntry.booking_id, person),
                title="What happened to your bookings",
                why="So that coordinators can answer when you ask.",
                until="Until you close your account.",
                closing=Delete(),
                words={"at": "When", "what": "What", "by": "By"},
                says={"by": lambda by: BY.get(by, by)},
            ),
        ),
    ),
    Holding(
        SentInvitation,
        {TECHNICAL: "id session_id person_id", ACTIVITY: "messages standing"},
        (
            About(
                of=lambda person: SentInvitation.person_id == person,
                title="Calendar invitations we sent",
                why="So that a change reaches the entry in your calendar.",
                until="As long as the event is known.",
                closing=Delete(),
                reads=_date,
                words={"messages": "How many mails", "standing": "In your calendar"},
            ),
        ),
    ),
    Holding(
        AccessNeed,
        {
            TECHNICAL: "id key event_id booking_id person_id kind state version",
            DataClass.SPECIAL: "sealed",
            ACTIVITY: "consent_version consented_at shared_at changed_at answered_at",
        },
        (
            About(
                of=lambda person: AccessNeed.person_id == person,
                title="What you told an event you need",
                why="So that you can take part. You agreed to it.",
                until=THIS_EVENT,
                closing=Delete(),
                words={
                    "consent_version": "Text you agreed to",
                    "consented_at": "Agreed",
                    "shared_at": "Shared",
                    "changed_at": "Last changed",
                    "answered_at": "Answered",
                },
                reads=_needs,
                agreed=needs_agreed,
            ),
        ),
    ),
    Holding(
        AccessRequest,
        {
            TECHNICAL: "id key event_id booking_id person_id answered_by_id version",
            DataClass.SPECIAL: "sealed",
            DataClass.CREDENTIAL: "mark",
            ACTIVITY: "consent_version asked_at state answered_at",
        },
        (
            About(
                of=lambda person: AccessRequest.person_id == person,
                title="Interpreters and captions you asked for",
                why="So that we can book them. You agreed to it.",
                until=THIS_EVENT,
                closing=Delete(),
                words={
                    "consent_version": "Text you agreed to",
                    "state": "State",
                    "asked_at": "Asked",
                    "answered_at": "Answered",
                },
                reads=_request,
                agreed=needs_agreed,
            ),
        ),
    ),
    Holding(
        Answer,
        {
            TECHNICAL: "id event_question_id attendee_id wording_id person_id",
            WORDS: "value",
            ACTIVITY: "answered_at",
        },
        (
            About(
                of=lambda person: or_(
                    Answer.person_id == person, _of_my_attendances(Answer.attendee_id, person)
                ),
                title="Your answers to questions of events",
                why="So that the event fits those who come.",
                until="A year after the event.",
                closing=Delete(),
                words={"value": "Answer", "answered_at": "Answered"},
            ),
        ),
    ),
    Holding(
        QuestionAsked,
        {TECHNICAL: "event_question_id attendee_id", ACTIVITY: "asked_at"},
        (
            About(
                of=lambda person: _of_my_attendances(QuestionAsked.attendee_id, person),
                title="Questions we asked you by email",
                why="So that we ask once.",
                until="As long as your answers.",
                closing=Delete(),
                words={"asked_at": "Asked"},
            ),
        ),
    ),
    Holding(
        Interest,
        {TECHNICAL: "id key event_id idea_id person_id", ACTIVITY: "given_at told_at booked_at"},
        (
            About(
                of=lambda person: Interest.person_id == person,
                title="What you are interested in",
                why="So that we can tell you when it opens.",
                until="A year, or until you take it back.",
                closing=Delete(),
                reads=_interest,
                words={"given_at": "Since", "told_at": "Told", "booked_at": "Booked"},
            ),
        ),
    ),
    Holding(
        InterestRequest,
        {
            TECHNICAL: "id event_id idea_id",
            DataClass.CREDENTIAL: "token_hash",
            CONTACT: "email",
            IDENTITY: "name",
            ACTIVITY: "asked_at ends_at",
        },
        (
            About(
                of=lambda person: InterestRequest.email.in_(
                    select(Person.email).where(Person.id == person)
                ),
                title="Interest you have not confirmed",
                why="So that nobody gives your address instead of you.",
                until="Three days.",
                closing=Delete(),
                words={"email": "Email address", "name": "Name", "asked_at": "Asked"},
            ),
        ),
    ),
    Holding(
        EventHelper,
        {
            TECHNICAL: "event_id person_id granted_by_id",
            BELONGING: "role reads_needs",
            ACTIVITY: "granted_at",
        },
        (
            About(
                of=lambda person: EventHelper.person_id == person,
                title="Events you help to run",
                why="So that you can see what you need for it.",
                until="Until it is taken back.",
                closing=Delete(),
                reads=_event,
                words={"role": "Role", "reads_needs": "May read needs", "granted_at": "Given"},
            ),
        ),
    ),
    *(
        Shared(model)
        for model in (
            *(BookingWindow, Event, FormerSlug, EventPattern, EventQuestion, Segment),
            *(EventSession, EventTerm, HolidayCalendar, Idea, IdeaTerm, PatternDate, Pool),
            *(Question, QuestionWording, SchoolHoliday),
        )
    ),
)


def _over_since(before: datetime) -> ColumnElement[bool]:
    """Bookings all of whose dates ended before; one without a place, by when it was made."""
    last = (
        select(func.max(EventSession.ends_at))
        .join(Place, Place.session_id == EventSession.id)
        .where(Place.booking_id == Booking.id)
        .correlate(Booking)
        .scalar_subquery()
    )
    return func.coalesce(last, Booking.booked_at) < before


def _names_of_parties(before: datetime) -> ColumnElement[bool]:
    return and_(
        Attendee.name.not_in(("", FORMER_NAME)),
        Attendee.booking_id.in_(select(Booking.id).where(_over_since(before))),
    )


RULES: Final = (
    Rule(
        "bookings",
        "Names on bookings of past events",
        "So that certificates and questions of funders can be answered for a time.",
        days=2190,
        at_least=365,
        at_most=3650,
        model=Booking,
        due=lambda before: and_(_over_since(before), Booking.name != FORMER_NAME),
        closing=Clear(
            {"name": FORMER_NAME, "organisation": "", "order_number": ""},
            why="The number of people who came stays true.",
        ),
    ),
    Rule(
        "attendees",
        "Names of those somebody booked for",
        "As long as the names on bookings.",
        days=2190,
        at_least=365,
        at_most=3650,
        model=Attendee,
        due=_names_of_parties,
        closing=Clear({"name": ""}, why="The number of people who came stays true."),
    ),
)
