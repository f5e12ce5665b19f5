"""Coordinators decide about applications: once, with words, and everything is kept."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

from sqlalchemy import func, select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.kernel.db import unit_of_work
from netapp.membership.application_models import Application, ApplicationState, Referee, StepKind
from netapp.membership.errors import ApplicationClosed, ApplicationMoved
from netapp.membership.models import Membership
from netapp.membership.operations import deciding
from netapp.membership.operations.waiting_mails import tell_coordinators
from netapp.membership.queries.applications import find_application
from netapp.membership.queries.belonging import is_current
from tests.factories import NOW, make_coordinator
from tests.membership.conftest import EMAIL, NAME, application_of
from tests.people.letters import last_letter, letters_to, link_in

JO = Actor(None, "Jo Field")
QUEUE = "/desk/membership/applications"


def steps_of(session, email=EMAIL):
    of = select(Application).join(Application.person).where(Application.person.has(email=email))
    session.expire_all()
    one = session.scalars(of).one()
    return [(step.kind, step.actor_name) for step in find_application(session, one.key).steps]


def test_from_the_queue_to_a_member(session, applied, desk):
    made = applied()
    desk.open("/desk/membership")
    assert desk.path == QUEUE
    assert NAME in desk.text
    desk.open(f"{QUEUE}/{made.key}")
    assert "Singing leader" in desk.text
    desk.send("/approve", words="Glad to have you.")
    assert f"{NAME} is a member now, and told by email." in desk.text
    held = session.scalars(select(Membership)).one()
    assert (held.starts_on, held.ends_on) == (date(2027, 1, 11), date(2027, 8, 31))
    assert is_current(session, made.person_id, at=NOW)
    assert "Glad to have you." in last_letter(session, EMAIL)
    assert "runs to 31 August 2027" in last_letter(session, EMAIL)
    assert steps_of(session) == [(StepKind.SENT, NAME), (StepKind.APPROVED, "Jo Field")]
    actions = session.scalars(select(AuditLine.action).order_by(AuditLine.id)).all()
    assert actions == ["application.send", "membership.grant", "application.approve"]


def test_decline_in_kind_words(session, applied, desk):
    made = applied()
    desk.open(f"{QUEUE}/{made.key}")
    kind_words = dict(desk.form("/decline").fields)["words"]
    assert kind_words.startswith("Thank you for asking to join us.")
    desk.send("/decline", words=kind_words + "\n\nCome to our open day.")
    letter = last_letter(session, EMAIL)
    assert "Thank you for asking to join us." in letter
    assert "Come to our open day." in letter
    assert application_of(session).state is ApplicationState.DECLINED
    assert session.scalar(select(func.count()).select_from(Membership)) == 0
    reason = select(AuditLine.reason).where(AuditLine.action == "application.decline")
    assert "Come to our open day." in session.scalar(reason)


def test_a_no_has_words(session, applied, desk):
    made = applied()
    desk.open(f"{QUEUE}/{made.key}")
    desk.send("/decline", words=" ")
    assert "Write what you want to tell them." in desk.text
    assert application_of(session).state is ApplicationState.WAITING


def test_ask_back_and_be_answered(session, applied, desk, as_person):
    made = applied()
    desk.open(f"{QUEUE}/{made.key}")
    desk.send("/ask", words="Which age groups do you work with?")
    assert application_of(session).state is ApplicationState.ASKED
    applicant = as_person(None)
    applicant.open(link_in(session, EMAIL))
    assert "Which age groups do you work with?" in applicant.text
    applicant.send("/answer", words="Mostly under fives.")
    assert "A coordinator reads it" in applicant.text
    assert application_of(session).state is ApplicationState.WAITING
    desk.open(f"{QUEUE}/{made.key}")
    assert "Mostly under fives." in desk.text


def test_notes_stay_between_coordinators(session, applied, desk, as_person):
    made = applied()
    desk.open(f"{QUEUE}/{made.key}")
    desk.send("/note", words="Ask Sam about her.")
    assert "Ask Sam about her." in desk.text
    applicant = as_person(None)
    applicant.open(link_in(session, EMAIL))
    assert "Ask Sam" not in applicant.text


def test_a_referee_answers_by_a_link_that_works_once(session, applied, desk, as_person):
    made = applied()
    applicant = as_person(None)
    applicant.open(link_in(session, EMAIL))
    applicant.send("/referee", referee_name="Rita Reed", referee_email="Rita@Example.org")
    assert "We have written to Rita Reed." in applicant.text
    letter = last_letter(session, "rita@example.org")
    assert NAME in letter
    referee = as_person(None)
    here = link_in(session, "rita@example.org")
    referee.open(here)
    assert f"A word about {NAME}" in referee.text
    assert session.scalars(select(Referee.replied_at)).one() is None
    referee.send(here, view="yes", words="A fine musician.")
    assert "Thank you" in referee.text
    assert referee.open(here).status_code == 410
    desk.open(f"{QUEUE}/{made.key}")
    assert "A fine musician." in desk.text
    applicant.open(link_in(session, EMAIL))
    assert "A fine musician." not in applicant.text
    assert "Rita Reed" in applicant.text


def test_a_reference_ends_after_28_days(session, applied, as_person, at):
    applied()
    applicant = as_person(None)
    applicant.open(link_in(session, EMAIL))
    applicant.send("/referee", referee_name="Rita Reed", referee_email="rita@example.org")
    here = link_in(session, "rita@example.org")
    seen = []
    for seconds in (-1, 0):
        with at(NOW + timedelta(days=28, seconds=seconds)):
            seen.append(as_person(None).open(here).status_code)
    assert seen == [200, 410]


def test_refusals_of_referees(session, applied, as_person):
    applied()
    applicant = as_person(None)
    applicant.open(link_in(session, EMAIL))
    page = applicant.send("/referee", referee_name="Me", referee_email=EMAIL)
    assert (page.status_code, "Name somebody other than yourself." in page.text) == (422, True)
    for n in range(3):
        applicant.open(link_in(session, EMAIL))
        applicant.send("/referee", referee_name="R", referee_email=f"r{n}@example.org")
    applicant.open(link_in(session, EMAIL))
    page = applicant.send("/referee", referee_name="R", referee_email="r4@example.org")
    assert "Three people were asked already." in page.text


def test_withdrawn_by_the_applicant(session, applied, as_person):
    applied()
    applicant = as_person(None)
    applicant.open(link_in(session, EMAIL))
    applicant.send("/withdraw")
    assert "You withdrew this application" in applicant.text
    assert letters_to(session, EMAIL) == ["membership/received", "membership/withdrawn"]
    assert application_of(session).state is ApplicationState.WITHDRAWN


def test_two_coordinators_with_the_same_page(session, applied, as_person):
    made = applied()
    desks = [as_person(make_coordinator(session, name=name)) for name in ("Jo", "Kim")]
    for own in desks:
        own.open(f"{QUEUE}/{made.key}")
    desks[0].send("/decline", words="No.")
    desks[1].send("/approve")
    assert "This application is decided already." in desks[1].text
    assert letters_to(session, EMAIL) == ["membership/received", "membership/declined"]


def test_what_changed_meanwhile_is_looked_at_again(session, applied, as_person, desk):
    made = applied()
    desk.open(f"{QUEUE}/{made.key}")
    other = as_person(make_coordinator(session, name="Kim"))
    other.open(f"{QUEUE}/{made.key}")
    other.send("/ask", words="Where?")
    desk.send("/approve")
    assert "This application has changed since you opened it." in desk.text


def test_two_coordinators_at_once(applied, new_session):
    """One wins; there is one membership and one mail, on either database."""
    made = applied()
    key, person_id = made.key, made.person_id

    def decide(yes: bool) -> str:
        with new_session() as own:
            try:
                with unit_of_work(own):
                    if yes:
                        deciding.approve(own, key=key, version=1, actor=JO, now=NOW)
                    else:
                        deciding.decline(own, key=key, version=1, words="No.", actor=JO, now=NOW)
            except (ApplicationMoved, ApplicationClosed):
                return "too late"
        return "yes" if yes else "no"

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(decide, [True, False] * 3))
    assert sorted(outcomes)[-5:] == ["too late"] * 5 or outcomes.count("too late") == 5
    with new_session() as own:
        held = own.scalar(
            select(func.count()).select_from(Membership).where(Membership.person_id == person_id)
        )
        assert held == outcomes.count("yes")
        assert len(letters_to(own, EMAIL)) == 2


def test_several_at_once(session, applied, desk):
    made = [applied("associate", email=f"p{n}@example.org", name=f"P{n}") for n in range(3)]
    desk.open(QUEUE)
    deciding.ask_back(session, key=made[0].key, version=1, words="?", actor=JO, now=NOW)
    session.commit()
    desk.send("/several", chosen=[f"{one.key}:1" for one in made], do="approve", words=None)
    assert "2 applications approved, and told by email." in desk.text
    assert "P0: This application has changed since you opened it." in desk.text
    assert [is_current(session, one.person_id, at=NOW) for one in made] == [False, True, True]


def test_several_declined_in_the_same_words(session, applied, desk):
    made = [applied("associate", email=f"p{n}@example.org", name=f"P{n}") for n in range(2)]
    desk.open(QUEUE)
    chosen = [f"{one.key}:1" for one in made]
    desk.send("/several", chosen=chosen, do="decline", words="Not this year.")
    assert "2 applications declined, and told by email." in desk.text
    assert "Not this year." in last_letter(session, "p1@example.org")


def test_nothing_ticked(applied, desk):
    applied("associate")
    desk.open(QUEUE)
    desk.send("/several", do="approve")
    assert "Tick the applications that you mean." in desk.text


def test_filters(session, applied, desk):
    first, second = applied(), applied("associate", email="b@example.org", name="Ben")
    deciding.decline(session, key=second.key, version=1, words="No.", actor=JO, now=NOW)
    session.commit()
    desk.open(QUEUE)
    assert (NAME in desk.text, "Ben" in desk.text) == (True, False)
    desk.open(f"{QUEUE}?show=declined")
    assert (NAME in desk.text, "Ben" in desk.text) == (False, True)
    desk.open(f"{QUEUE}?show=nonsense")
    assert first.kind.name in desk.text


def test_as_many_queries_with_thirty_as_with_one(session, applied, desk, count_queries):
    applied()
    desk.open(QUEUE)
    with count_queries() as few:
        desk.open(QUEUE)
    for n in range(24):
        applied("associate", email=f"p{n}@example.org", name=f"P{n}")
    with count_queries() as many:
        desk.open(QUEUE)
    assert len(many) == len(few)
    assert len(re.findall(r'name="chosen"', desk.text)) == 25


def test_on_the_first_page_of_the_desk(session, applied, desk):
    desk.open("/desk")
    assert "want to join" not in desk.text
    first = applied()
    desk.open("/desk")
    assert f"{NAME} wants to join" in desk.text
    assert f"{QUEUE}/{first.key}" in desk.text
    applied("associate", email="b@example.org")
    desk.open("/desk")
    assert "2 people want to join" in desk.text
    assert "The first has waited since Monday 11 January." in desk.text


def test_coordinators_are_told_once_a_day_while_somebody_waits(session, applied):
    jo = make_coordinator(session, email="jo@example.org")
    made = applied()

    def told(at):
        with unit_of_work(session):
            return tell_coordinators(session, at)

    assert told(NOW.replace(hour=3)) == 0
    assert [told(NOW), told(NOW + timedelta(hours=5))] == [1, 0]
    assert "1 person waits for an answer." in last_letter(session, jo.email)
    assert told(NOW + timedelta(days=1)) == 1
    with unit_of_work(session):
        session.get_one(Application, made.id).state = ApplicationState.WITHDRAWN
    assert told(NOW + timedelta(days=2)) == 0
    assert letters_to(session, jo.email) == ["membership/waiting"] * 2
