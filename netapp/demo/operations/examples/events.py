"""New events, each for one thing to try: two ways to take part, a minimum, who books first, a
pattern of dates. An idea without a date, and what the member keeps about herself."""

from datetime import time, timedelta

from sqlalchemy import select

from netapp.demo.examples import (
    HYBRID,
    IDEA_TERMS,
    IDEA_TITLE,
    IDEA_WORDS,
    MINIMUM,
    REPEATING,
    REPEATS,
    WINDOWS,
)
from netapp.demo.operations.examples.scene import (
    Scene,
    draft,
    guests_book,
    publish,
    sign_in_and_book,
)
from netapp.demo.samples import JOIN_LINK
from netapp.events.models import BookedAs, HolidayCalendar, Mode, Nation, Rhythm, WindowFor
from netapp.events.operations.editing import save_booking_rules
from netapp.events.operations.guard import lock_event
from netapp.events.operations.ideas import create_idea
from netapp.events.operations.interest import give_interest
from netapp.events.operations.minimum import set_minimum
from netapp.events.operations.patterns import add_pattern
from netapp.events.operations.sharing import save_profile
from netapp.events.operations.windows import save_windows
from netapp.events.pattern_plans import PatternPlan
from netapp.events.plans import BookingRules, Telling, WindowPlan
from netapp.events.queries.patterns import acts_of_new_pattern
from netapp.events.queries.topics import topic_of_event, topic_of_idea
from netapp.people.access import Told
from netapp.people.models import ProfileKind
from netapp.vocabulary.queries import find_terms

MORNING = time(9)


def keep_profile(scene: Scene) -> None:
    """What helps the member and what she eats, to be shared with events."""
    needs = Told(("captions", "slides-before"), "Sample: a seat near the front, please.")
    save_profile(
        scene.session,
        person_id=scene.member.id,
        told={ProfileKind.ACCESS: needs, ProfileKind.FOOD: Told(("vegetarian",))},
        seen_versions={},
        now=scene.now,
    )


def add_hybrid(scene: Scene) -> None:
    """Full in person with two who wait, and room online. The member comes in person, shares what
    helps her, and so asks for captions."""
    event = publish(scene, draft(scene, HYBRID))
    in_person = HYBRID.capacity - 1
    guests_book(scene, event, scene.guests[:in_person], dates=[0], mode=Mode.IN_PERSON)
    sign_in_and_book(
        scene,
        event,
        scene.member,
        dates=[0],
        mode=Mode.IN_PERSON,
        telling=Telling(shares_access=True),
    )
    waiting, online = scene.guests[in_person:][:2], scene.guests[in_person + 2 :][:7]
    guests_book(scene, event, waiting, dates=[0], mode=Mode.IN_PERSON)
    guests_book(scene, event, online, dates=[0], mode=Mode.ONLINE)


def add_minimum(scene: Scene) -> None:
    """It runs from 8 people; 5 have booked, and there is time until the decision."""
    event = draft(scene, MINIMUM)
    set_minimum(
        scene.session,
        event_id=event.id,
        runs_from=8,
        decide_on=scene.day_of(MINIMUM) - timedelta(days=14),
        seen_version=event.version,
        actor=scene.coordinator,
        now=scene.now,
    )
    guests_book(scene, publish(scene, event), scene.guests[3:8], dates=[0])


def add_windows(scene: Scene) -> None:
    """Members book since yesterday, newcomers from the day after tomorrow, everyone in five days:
    three people for whom it is not open yet are interested."""
    event = draft(scene, WINDOWS)
    everyone = scene.at(scene.today + timedelta(days=5), MORNING)
    save_booking_rules(
        scene.session,
        event_id=event.id,
        rules=BookingRules(
            booked_as=BookedAs.BY_SESSION,
            booking_opens_at=everyone,
            organiser_id=event.organiser_id,
        ),
        seen_version=event.version,
        actor=scene.coordinator,
        now=scene.now,
    )
    members = scene.at(scene.today - timedelta(days=1), MORNING)
    newcomers = scene.at(scene.today + timedelta(days=2), MORNING)
    save_windows(
        scene.session,
        event_id=event.id,
        windows=[
            WindowPlan(WindowFor.MEMBERS, members),
            WindowPlan(WindowFor.FIRST_TIMERS, newcomers),
        ],
        seen_version=event.version,
        actor=scene.coordinator,
        now=scene.now,
    )
    topic = topic_of_event(publish(scene, event))
    for guest in scene.guests[8:11]:
        give_interest(scene.session, topic=topic, person=guest, now=scene.now)


def add_repeating(scene: Scene) -> None:
    """Every second week in the term time of the made-up council. The member has booked one date,
    and can move to another one."""
    event = draft(scene, REPEATING)
    calendar = scene.session.scalars(
        select(HolidayCalendar.id).where(HolidayCalendar.is_sample).limit(1)
    ).first()
    day = scene.day_of(REPEATING)
    plan = PatternPlan(
        rhythm=Rhythm.WEEKLY,
        every=2,
        weekdays=(day.weekday(),),
        nth=None,
        starts=REPEATING.starts,
        ends=time(REPEATING.starts.hour + 1),
        second=None,
        first_day=day,
        number=REPEATS,
        nation=Nation.ENGLAND_AND_WALES,
        calendar_id=calendar,
        join_link=JOIN_LINK,
        capacity=REPEATING.capacity,
    )
    seen = acts_of_new_pattern(
        scene.session, lock_event(scene.session, event.id), plan, now=scene.now
    )
    add_pattern(
        scene.session,
        event_id=event.id,
        plan=plan,
        seen=seen.digest,
        actor=scene.coordinator,
        now=scene.now,
    )
    event = publish(scene, lock_event(scene.session, event.id))
    guests_book(scene, event, scene.guests[:4], dates=[0, 1])
    sign_in_and_book(scene, event, scene.member, dates=[0])


def add_idea(scene: Scene) -> None:
    """A topic without a date, and five people who would come."""
    terms = find_terms(scene.session, IDEA_TERMS)
    idea = create_idea(
        scene.session,
        title=IDEA_TITLE,
        words=IDEA_WORDS,
        term_ids=frozenset(term.id for term in terms),
        actor=scene.coordinator,
        now=scene.now,
    )
    idea.is_sample = True
    scene.session.flush()
    scene.session.refresh(idea, ["event"])
    for guest in scene.guests[11:16]:
        give_interest(scene.session, topic=topic_of_idea(idea), person=guest, now=scene.now)
