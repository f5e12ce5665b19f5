"""Runs from so many people: asked on the decision day, decided by one action, everybody told."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.desk.queries.today import today
from netapp.events.errors import AlreadyDecided, NotDecided, NothingToDecide
from netapp.events.models import BookedAs, Event, Pool
from netapp.events.operations import creating, due, minimum
from netapp.events.queries.calendar_dates import dates_of_event
from netapp.events.queries.minimum import decision_moment, minimum_words
from netapp.kernel.errors import StaleEdit
from netapp.mail.models import OutboxMessage
from tests.events.scenes import book, fill, forget_mails, mails
from tests.events.views.pages import words
from tests.factories import NOW, make_coordinator, make_event, make_person
from tests.mail.samples import bytes_of, parsed, part

DAY = date(2027, 1, 25)  # A Monday; the event is on 10 February.
ASKED = datetime(2027, 1, 25, 10, tzinfo=UTC)


@pytest.fixture
def boss(session):
    return make_coordinator(session, name="Jo Field")


@pytest.fixture
def actor(boss):
    return Actor(boss.id, boss.name)


@pytest.fixture
def event(session, boss, actor):
    made = make_event(session, title="Working With Chaos", slug="chaos", organiser_id=boss.id)
    return set_rule(session, made, actor)


def set_rule(session, event, actor, runs_from=8, decide_on=DAY, now=NOW):
    minimum.set_minimum(
        session,
        event_id=event.id,
        runs_from=runs_from,
        decide_on=decide_on,
        seen_version=version_of(session, event),
        actor=actor,
        now=now,
    )
    session.commit()
    return fresh(session, event)


def fresh(session, event):
    found = select(Event).where(Event.id == event.id).options(selectinload(Event.sessions))
    return session.scalars(found, execution_options={"populate_existing": True}).one()


def version_of(session, event):
    return session.scalars(select(Event.version).where(Event.id == event.id)).one()


def decide(session, event, actor, act=minimum.decide_runs, now=ASKED):
    done = act(
        session,
        event_id=event.id,
        seen_version=version_of(session, event),
        actor=actor,
        now=now,
    )
    session.commit()
    return done.told


def ask(session, now=ASKED):
    done = minimum.ask_to_decide(session, now)
    session.commit()
    return done


def log(session):
    return list(session.scalars(select(AuditLine.summary).order_by(AuditLine.id)))


def test_the_page_says_it(session, event, actor):
    assert minimum_words(event) == (
        "Runs from 8 people.",
        "We decide on Monday 25 January 2027.",
    )
    ask(session)
    assert minimum_words(fresh(session, event)) == (
        "Runs from 8 people.",
        "We are deciding now whether it runs.",
    )
    decide(session, event, actor)
    assert minimum_words(fresh(session, event)) == ("This will run.",)


def test_a_stranger_reads_it(session, event, visitor):
    visitor.open("/events/chaos")
    page = words(visitor.text)
    assert "Does it run? Runs from 8 people. We decide on Monday 25 January 2027." in page
    minimum.set_minimum(
        session, event_id=event.id, runs_from=None, decide_on=None,
        seen_version=version_of(session, event), actor=Actor(None, "x"), now=NOW,
    )  # fmt: skip
    session.commit()
    visitor.open("/events/chaos")
    assert "Does it run?" not in words(visitor.text)


def test_whoever_books_reads_that_it_is_not_certain(session, event, actor):
    book(session, event, 0)
    text = "It is not certain yet: this runs from 8 people. We decide on Monday 25 January 2027"
    assert text in flat(session)
    forget_mails(session)
    decide(session, event, actor)
    forget_mails(session)
    book(session, fresh(session, event), 0)
    assert "not certain" not in flat(session)


def flat(session):
    row = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).first()
    return " ".join(part(parsed(bytes_of(session, row)), "plain").split())


def test_the_organiser_is_asked_once_on_the_day_at_the_hour(session, event, boss):
    make_coordinator(session)
    fill(session, event, 0, people=5)
    forget_mails(session)
    assert ask(session, ASKED - timedelta(seconds=1)) == 0
    assert ask(session) == 1
    assert ask(session) == 0
    assert mails(session) == mails(session, to=boss) == ["events/decide"]
    assert "Working With Chaos runs: 5 of 8 booked" in flat(session)


def test_without_an_organiser_all_coordinators_are_asked(session, event, boss):
    event.organiser_id = None
    session.commit()
    make_coordinator(session)
    ask(session)
    assert mails(session) == ["events/decide"] * 2


def test_the_hour_that_is_left_out(session, event, actor):
    session.execute(update(Event).values(reminder_hour=1, decide_on=date(2027, 3, 28)))
    session.commit()
    assert decision_moment(fresh(session, event)) == datetime(2027, 3, 28, 1, tzinfo=UTC)


def test_another_day_is_asked_about_again(session, event, actor):
    ask(session)
    set_rule(session, event, actor, decide_on=DAY + timedelta(days=3), now=ASKED)
    assert ask(session, ASKED + timedelta(days=2)) == 0
    assert ask(session, ASKED + timedelta(days=3)) == 1


def test_it_runs_tells_each_once(session, event, actor):
    people = [make_person(session) for _ in range(3)]
    for person in people:
        book(session, event, 0, person=person)
    forget_mails(session)
    assert decide(session, event, actor) == 3
    with pytest.raises(AlreadyDecided):
        decide(session, event, actor)
    session.rollback()
    assert [mails(session, to=person) for person in people] == [["events/runs"]] * 3
    assert log(session)[-1] == "Decided that Working With Chaos runs. 3 told."


def test_a_stale_decision_is_refused(session, event, actor):
    seen = version_of(session, event)
    set_rule(session, event, actor, runs_from=6)
    with pytest.raises(StaleEdit):
        minimum.decide_runs(session, event_id=event.id, seen_version=seen, actor=actor, now=ASKED)


def test_decide_again_tells_who_relied_on_it(session, event, actor):
    person = make_person(session)
    book(session, event, 0, person=person)
    with pytest.raises(NotDecided):
        decide(session, event, actor, minimum.decide_again)
    session.rollback()
    decide(session, event, actor)
    forget_mails(session)
    assert decide(session, event, actor, minimum.decide_again) == 1
    assert mails(session, to=person) == ["events/undecided"]
    forget_mails(session)
    assert decide(session, event, actor) == 1
    assert mails(session, to=person) == ["events/runs"]


def test_what_is_over_is_not_decided(session, event, actor):
    after = event.sessions[0].ends_at + timedelta(days=1)
    with pytest.raises(NothingToDecide):
        decide(session, event, actor, now=after)
    session.rollback()
    ask(session, after)
    assert mails(session) == []


def test_calendars_show_it_as_tentative_until_then(session, event, actor):
    def shown():
        found = dates_of_event(session, event.id, now=NOW).items[0]
        return found.tentative, found.sequence

    assert shown() == (True, 1)
    decide(session, event, actor)
    assert shown() == (False, 2)


def test_today_asks_with_what_can_be_done(session, event, boss):
    fill(session, event, 0, people=5)

    def todos(now):
        shown = today(session, first_name="Jo", now=now).todos
        return [(each.title, each.words) for each in shown if "Decide" in each.title]

    assert todos(ASKED - timedelta(minutes=1)) == []
    assert todos(ASKED) == [("Decide whether Working With Chaos runs", "5 of 8 booked.")]


def test_single_dates_are_counted_by_themselves(session, boss, actor):
    event = make_event(session, sessions=2, title="Two", organiser_id=boss.id)
    event = set_rule(session, event, actor, runs_from=2)
    fill(session, event, 0, people=1)
    fill(session, event, 1, people=2)
    ask(session)
    assert "Wed 10 Feb: 1 of 2, Wed 17 Feb: 2 of 2" in flat(session)


def test_a_course_is_counted_as_one(session, boss, actor):
    event = make_event(session, sessions=2, booked_as=BookedAs.WHOLE, organiser_id=boss.id)
    event = set_rule(session, event, actor, runs_from=2)
    book(session, event)
    ask(session)
    assert "1 of 2 booked" in flat(session)


def test_a_copy_keeps_the_rule_and_not_the_decision(session, event, actor):
    decide(session, event, actor)
    made = creating.copy_event(
        session,
        event_id=event.id,
        title="Again",
        first_day=date(2027, 5, 12),
        actor=actor,
        now=NOW,
    )
    assert (made.runs_from, made.decide_on, made.runs_at) == (8, date(2027, 4, 26), None)


def test_the_desk_sets_it_and_decides(session, event, boss, sign_in, visitor, at):
    person = make_person(session)
    book(session, event, 0, person=person)
    forget_mails(session)
    sign_in(boss)
    here = f"/desk/events/{event.key}/minimum"
    visitor.open(here)
    visitor.send("/minimum", {"runs_from": "6", "decide_on": "26/1/2027"})
    shown = words(visitor.text)
    assert "Does it run? Runs from 8 people. We decide on Monday 25 January 2027." in shown
    assert "Runs from 6 people. We decide on Tuesday 26 January 2027." in shown
    assert "1 person gets a mail with what is different." in shown
    assert mails(session) == []
    visitor.send("/minimum", {"message": "The room is smaller."})
    assert "Saved, and 1 person was told." in words(visitor.text)
    assert "Runs from 6 people. We decide on Tuesday 26 January 2027." in words(
        visitor.client.get("/events/chaos").text
    )
    visitor.open(here)
    visitor.send("/minimum/runs")
    assert "it runs, and 1 person was told" in words(visitor.text)
    visitor.send("/minimum/again")
    assert mails(session, to=person) == [
        "events/minimum_changed",
        "events/runs",
        "events/undecided",
    ]


def test_a_rule_that_nobody_has_to_hear_of_is_saved_at_once(session, boss, sign_in, visitor):
    make_event(session, slug="alone", key="alone")
    sign_in(boss)
    visitor.open("/desk/events/alone/minimum")
    visitor.send("/minimum", {"runs_from": "6"})
    assert "Saved." in words(visitor.text)
    assert "Runs from 6 people." in words(visitor.client.get("/events/alone").text)


def test_a_first_rule_says_that_it_is_not_certain_any_more(session, boss, actor):
    event = make_event(session, title="Calm", organiser_id=boss.id, capacity=1)
    holds, waits = make_person(session), make_person(session)
    book(session, event, 0, person=holds)
    book(session, event, 0, person=waits)
    forget_mails(session)
    set_rule(session, event, actor)
    assert mails(session) == mails(session, to=holds) == ["events/minimum_changed"]
    said = flat(session)
    assert "It is not certain yet: this runs from 8 people. We decide on Monday 25" in said
    assert "Does it run? Now: Runs from 8 people." in said
    assert "Before:" not in said
    assert log(session)[-1] == (
        "Calm runs from 8 people, to be decided on 25 January 2027. 1 told."
    )


def test_no_number_any_more_is_good_news(session, event, actor):
    book(session, event, 0)
    forget_mails(session)
    set_rule(session, event, actor, runs_from=None, decide_on=None)
    assert mails(session) == ["events/minimum_changed"]
    said = flat(session)
    assert "It is certain now: Working With Chaos will run, however few come." in said
    assert "Now: It runs, however few come." in said


def test_what_was_certain_and_stays_so_is_no_news(session, event, actor):
    book(session, event, 0)
    decide(session, event, actor)
    forget_mails(session)
    set_rule(session, event, actor, runs_from=10)
    set_rule(session, event, actor, runs_from=None, decide_on=None)
    assert mails(session) == []


def test_pressed_twice_it_is_done_once(session, event, boss, sign_in, visitor):
    person = make_person(session)
    book(session, event, 0, person=person)
    forget_mails(session)
    sign_in(boss)
    visitor.open(f"/desk/events/{event.key}/minimum")
    page = visitor.page
    visitor.send("/minimum/runs")
    visitor.page = page
    visitor.send("/minimum/runs")
    assert mails(session, to=person) == ["events/runs"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"runs_from": "", "decide_on": "2027-01-25"}, "Enter the number of people"),
        ({"runs_from": "8", "decide_on": "2027-01-10"}, "Choose today or a day"),
        ({"runs_from": "8", "decide_on": "2027-02-11"}, "Choose a day before"),
        ({"runs_from": "0", "decide_on": ""}, "Enter a number from 1"),
    ],
)
def test_what_makes_no_sense_is_said(session, boss, sign_in, visitor, fields, said):
    event = make_event(session)
    sign_in(boss)
    visitor.open(f"/desk/events/{event.key}/minimum")
    answer = visitor.send("/minimum", fields)
    assert answer.status_code == 422
    assert said in words(visitor.text)


def test_today_decides_with_one_button(session, event, actor, boss, sign_in, visitor):
    set_rule(session, event, actor, decide_on=NOW.date())
    person = make_person(session)
    book(session, event, 0, person=person)
    forget_mails(session)
    sign_in(boss)
    visitor.open("/desk")
    visitor.send("/minimum/runs")
    assert visitor.path == "/desk"
    assert "Decide whether" not in words(visitor.text)
    assert mails(session, to=person) == ["events/runs"]


def test_moving_begins_with_words(session, event, boss, sign_in, visitor):
    book(session, event, 0)
    sign_in(boss)
    date_key = event.sessions[0].key
    visitor.open(f"/desk/events/{event.key}/dates/{date_key}?why=minimum")
    visitor.send(f"/dates/{date_key}", {"day": "2027-02-24"})
    assert "Too few people could come on this date" in visitor.text
    visitor.open(f"/desk/events/{event.key}/cancel?why=minimum")
    assert "Too few people could come this time." in visitor.text


def test_reminders_and_decisions_are_apart(session, event):
    book(session, event, 0)
    assert due.remind_one_session(session, ASKED) == 0


def test_too_few_places_for_it_are_said(session, event, actor, boss, sign_in, visitor):
    sign_in(boss)
    here = f"/desk/events/{event.key}/minimum"
    for capacity, is_said in ((7, True), (8, False), (None, False)):
        session.execute(update(Pool).values(capacity=capacity))
        session.commit()
        page = words(visitor.open(here).get_data(as_text=True))
        assert ("There are fewer places than people it needs" in page) is is_said
        assert (": 7 places. Change the places" in page) is is_said
