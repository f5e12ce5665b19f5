"""What is done with the events of the sample season: a party, questions, places kept back."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from netapp.demo.examples import (
    INSTRUMENTS,
    KEPT_BACK,
    KEPT_BACK_BECAUSE,
    ORDER_NUMBER,
    QUESTIONS,
    SCHOOL,
    SCHOOL_PLACES,
)
from netapp.demo.operations.examples.scene import Scene, sign_in_and_book
from netapp.demo.people import invented_name
from netapp.events.models import Booking, Event, QuestionKind
from netapp.events.operations.answers import Reply, save_answers
from netapp.events.operations.booking import Party
from netapp.events.operations.dates import set_places
from netapp.events.operations.event_questions import ask_question
from netapp.events.operations.guard import lock_event
from netapp.events.operations.naming import Naming, name_attendees
from netapp.events.operations.preferences import tell_needs
from netapp.events.operations.question_library import add_question
from netapp.events.plans import PlacesPlan, Telling, pool_key
from netapp.events.queries.questions import questions_of
from netapp.events.question_plans import AskPlan, NewQuestion, WordingPlan
from netapp.people.access import Told

ANSWERED = 9
"""So many of those who booked have answered."""


def book_school(scene: Scene, event_id: int) -> None:
    """The visitor books for a school: three people are named, three places are not."""
    event = lock_event(scene.session, event_id)
    party = Party(
        places=SCHOOL_PLACES,
        names=(invented_name(40),),
        organisation=SCHOOL,
        order_number=ORDER_NUMBER,
    )
    sign_in_and_book(scene, event, scene.visitor, dates=[0], party=party)
    booking = _bookings(scene, event_id, scene.visitor.id)[0]
    unnamed = next(each for each in booking.attendees if not each.name)
    guest = scene.guests[20]
    name_attendees(
        scene.session,
        booking_id=booking.id,
        names=[Naming(unnamed.key, guest.name, guest.email)],
        now=scene.now,
    )


def keep_places_back(scene: Scene, event_id: int) -> None:
    """The last date, for which people wait, gets two places more, and both are kept back."""
    event = lock_event(scene.session, event_id)
    date = event.sessions[-1]
    pool = date.pools[0]
    plan = PlacesPlan(capacity=(pool.capacity or 0) + KEPT_BACK, kept_back=KEPT_BACK)
    set_places(
        scene.session,
        event_id=event_id,
        places={pool_key(date, pool): plan},
        seen_version=event.version,
        reason=KEPT_BACK_BECAUSE,
        actor=scene.coordinator,
        now=scene.now,
    )


def ask_and_answer(scene: Scene, event_id: int) -> None:
    """Questions, one only after a yes. Some have answered, two have said what they eat, and the
    member has booked and is asked."""
    _ask(scene, event_id)
    bookings = _bookings(scene, event_id)
    for number, booking in enumerate(bookings[:ANSWERED]):
        _answer(scene, booking, number)
    for booking, food in zip(bookings, ("vegan", "gluten-free"), strict=False):
        tell_needs(
            scene.session,
            booking_id=booking.id,
            telling=Telling(food=Told((food,))),
            now=scene.now,
        )
    event = lock_event(scene.session, event_id)
    sign_in_and_book(scene, event, scene.member, telling=Telling(shares_food=True))


def _ask(scene: Scene, event_id: int) -> None:
    before = ""
    for each in QUESTIONS:
        question = add_question(
            scene.session,
            plan=NewQuestion(each.kind, WordingPlan(each.words, each.hint, each.options)),
            actor=scene.coordinator,
            now=scene.now,
        )
        asked = ask_question(
            scene.session,
            event_id=event_id,
            question_id=question.id,
            plan=AskPlan(
                required=each.required,
                needed_by_days=14,
                only_if=before if each.only_after else "",
                only_if_value="yes" if each.only_after else "",
            ),
            actor=scene.coordinator,
            now=scene.now,
        )
        before = asked.key


def _answer(scene: Scene, booking: Booking, number: int) -> None:
    """Two of three stay for supper; the rest varies from one to the next."""
    replies = {}
    for each in questions_of(scene.session, booking.event_id):
        options = each.options
        value: str | bool | list[str] | None = None
        if each.kind is QuestionKind.YES_NO:
            value = number % 3 != 2
        elif each.kind is QuestionKind.CHOICE:
            value = options[number % len(options)]
        elif each.kind is QuestionKind.SEVERAL:
            value = [options[number % 4], options[(number + 1) % 4]]
        else:
            value = INSTRUMENTS[number % len(INSTRUMENTS)] or None
        replies[each.key] = Reply(value, each.wording_id)
    save_answers(
        scene.session,
        booking_id=booking.id,
        attendee_key=booking.attendees[0].key,
        replies=replies,
        by_booker=True,
        now=scene.now,
    )


def _bookings(scene: Scene, event_id: int, person_id: int | None = None) -> list[Booking]:
    wanted = select(Booking).where(Booking.event_id == event_id, Booking.live)
    if person_id is not None:
        wanted = wanted.where(Booking.person_id == person_id)
    with_people = wanted.options(selectinload(Booking.attendees)).order_by(Booking.id)
    return list(scene.session.scalars(with_people, execution_options={"populate_existing": True}))


def event_called(scene: Scene, slug_start: str) -> int:
    """The id of the event of the season whose address begins like this."""
    found = select(Event.id).where(Event.is_sample, Event.slug.startswith(f"{slug_start}-"))
    return scene.session.scalars(found).one()
