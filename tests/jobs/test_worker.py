"""What is due is done, once, by one worker; what fails waits and holds up nothing else."""

import logging
import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from netapp.jobs import operations, queries
from netapp.jobs.errors import NotNow
from netapp.jobs.models import JobState
from netapp.jobs.registry import Registry, Run
from netapp.jobs.stopping import Stop
from netapp.jobs.worker import MOST_HELPINGS, Outcome, Worker
from netapp.kernel import clock
from netapp.people.models import Person
from tests.factories import NOW, make_person

HOUR = timedelta(hours=1)


class Diary:
    """A job that notes when it was called, and answers from a list."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.called: list[datetime] = []

    def __call__(self, session, now: datetime) -> int:
        self.called.append(now)
        return self.answers.pop(0) if self.answers else 0


def worker_with(app, **jobs: Run) -> Worker:
    """Names a_b become a.b; each is due every hour."""
    worker = Worker(app)
    worker.jobs = Registry()
    for name, run in jobs.items():
        worker.jobs.register(name.replace("_", "."), run, every=HOUR)
    worker.prepare()
    return worker


def state_of(session: Session, name: str) -> JobState:
    session.expire_all()
    return session.get_one(JobState, name)


def test_a_job_runs_when_it_is_due_and_not_before(app, session, at):
    diary = Diary()
    worker = worker_with(app, a_job=diary)
    assert worker.round() == [Outcome("a.job")]
    with at(NOW + HOUR - timedelta(seconds=1)):
        assert worker.round() == [Outcome("a.job", skipped=True)]
    with at(NOW + HOUR):
        worker.round()
    assert diary.called == [NOW, NOW + HOUR]
    state = state_of(session, "a.job")
    assert (state.last_run_at, state.next_run_at) == (NOW + HOUR, NOW + 2 * HOUR)
    assert (state.holder, state.leased_until, state.failures) == ("", None, 0)


def test_force_runs_what_is_not_due_and_only_what_is_named(app):
    one, other = Diary(), Diary()
    worker = worker_with(app, one_job=one, other_job=other)
    worker.round()
    worker.round(force=True, only={"one.job"})
    assert (len(one.called), len(other.called)) == (2, 1)


def test_a_job_goes_on_while_there_is_something_to_do(app):
    worker = worker_with(app, a_job=Diary(3, 2, 1, 0))
    assert worker.round() == [Outcome("a.job", done=6)]


def test_a_job_that_never_ends_gives_the_others_their_turn(app, session):
    endless, other = Diary(*[1] * 1000), Diary()
    worker = worker_with(app, endless_job=endless, other_job=other)
    outcomes = worker.round()
    assert outcomes == [
        Outcome("endless.job", done=MOST_HELPINGS, more=True),
        Outcome("other.job"),
    ]
    assert state_of(session, "endless.job").next_run_at == NOW  # At once, in the next round.


def test_each_run_is_a_transaction_of_its_own_and_a_failure_stops_no_other(app, session, caplog):
    person = make_person(session)

    def rename_and_fail(own, now):
        own.get(Person, person.id).name = "Half done"
        own.flush()
        raise ValueError("of all things")

    other = Diary()
    worker = worker_with(app, failing_job=rename_and_fail, other_job=other)
    with caplog.at_level(logging.ERROR):
        outcomes = worker.round()
    assert outcomes == [
        Outcome("failing.job", error="ValueError: of all things"),
        Outcome("other.job"),
    ]
    session.expire_all()
    assert person.name != "Half done"
    state = state_of(session, "failing.job")
    assert (state.failures, state.last_error) == (1, "ValueError: of all things")
    assert "of all things" in caplog.text


def test_failures_are_tried_again_soon_and_forgotten_after_a_good_run(app, session, at):
    moment, pauses = NOW, []

    def fail(own, now):
        raise ValueError

    worker = worker_with(app, a_job=fail)
    for _ in range(6):
        with at(moment):
            worker.round()
        next_run = state_of(session, "a.job").next_run_at
        assert next_run is not None
        pauses.append((next_run - moment).total_seconds())
        moment = next_run
    assert pauses == [2, 5, 10, 20, 30, 30]
    worker.jobs = Registry()
    worker.jobs.register("a.job", Diary(), every=HOUR)
    with at(moment):
        worker.round()
    state = state_of(session, "a.job")
    assert (state.failures, state.last_error, state.next_run_at) == (0, "", moment + HOUR)


def test_something_away_is_no_fault_and_waits_as_it_says(app, session, caplog):
    class Away(NotNow):
        pauses = (timedelta(minutes=3),)

    def away(own, now):
        raise Away("the mail server cannot be reached")

    with caplog.at_level(logging.WARNING):
        worker_with(app, a_job=away).round()
    assert state_of(session, "a.job").next_run_at == NOW + timedelta(minutes=3)
    [record] = [record for record in caplog.records if record.name == "netapp.jobs.worker"]
    assert (record.levelname, record.exc_info) == ("WARNING", None)


def test_the_log_of_a_database_error_tells_no_data(app, caplog, session):
    def fail(own, now):
        raise OperationalError("INSERT", {"email": "amara@example.org"}, ValueError("amara"))

    outcomes = worker_with(app, a_job=fail).round()
    assert outcomes[0].error == "OperationalError: ValueError"
    assert "amara" not in state_of(session, "a.job").last_error


def test_two_workers_share_the_work_and_never_do_the_same(app, session):
    inside, go_on = threading.Event(), threading.Event()
    calls = []

    def slow(own, now):
        calls.append(now)
        inside.set()
        assert go_on.wait(30)
        return 0

    first, second = worker_with(app, a_job=slow), worker_with(app, a_job=slow)
    session.rollback()
    thread = threading.Thread(target=first.round)
    thread.start()
    assert inside.wait(30)
    assert second.round() == [Outcome("a.job", skipped=True)]
    assert second.round(force=True) == [Outcome("a.job", skipped=True)]
    go_on.set()
    thread.join(30)
    assert len(calls) == 1


def test_of_many_claims_at_once_one_succeeds(app, session, new_session):
    worker = worker_with(app, a_job=Diary())
    job = worker.jobs["a.job"]
    start = threading.Barrier(6)
    won = []

    def claim(number: int) -> None:
        with app.app_context(), new_session() as own:
            seen = queries.states(own)[0]
            start.wait(30)
            if operations.claim(own, job=job, seen=seen, holder=f"worker {number}", now=NOW):
                won.append(number)
            own.commit()

    session.rollback()
    threads = [threading.Thread(target=claim, args=[n]) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(won) == 1
    assert state_of(session, "a.job").holder == f"worker {won[0]}"


def test_the_work_of_a_dead_worker_is_taken_up_after_its_lease(app, session, at):
    diary = Diary()
    worker = worker_with(app, a_job=diary)
    seen = queries.states(session)[0]
    assert operations.claim(session, job=worker.jobs["a.job"], seen=seen, holder="dead", now=NOW)
    session.commit()
    with at(NOW + timedelta(seconds=59)):
        worker.round()
    assert diary.called == []
    with at(NOW + timedelta(seconds=60)):
        worker.round()
    assert diary.called == [NOW + timedelta(seconds=60)]


def test_a_worker_takes_up_at_once_what_it_could_not_give_back(app, session):
    """As when its connection broke: nobody else is at it, so nobody waits for the lease."""
    diary = Diary()
    worker = worker_with(app, a_job=diary)
    state = state_of(session, "a.job")
    state.holder, state.leased_until = worker.name, NOW + timedelta(seconds=60)
    session.commit()
    assert worker.round() == [Outcome("a.job")]
    assert diary.called == [NOW]


def test_a_clock_set_back_by_an_hour_stops_no_work(app, session, at):
    diary = Diary()
    worker = worker_with(app, a_job=diary)
    worker.round()
    state = state_of(session, "a.job")
    state.holder, state.leased_until = "dead", NOW + timedelta(seconds=60)
    session.commit()
    earlier = NOW - 2 * HOUR
    with at(earlier):
        worker.round()
    assert diary.called == [NOW, earlier]


def test_who_lost_the_lease_writes_nothing_and_stops(app, session, new_session):
    """Another worker has taken over in the meantime: its row is not touched."""

    def lose(own, now):
        with new_session() as other:
            state = other.get_one(JobState, "a.job")
            state.holder, state.leased_until = "other", NOW + timedelta(seconds=60)
            other.commit()
        return 1

    assert worker_with(app, a_job=lose).round() == [Outcome("a.job", done=1)]
    state = state_of(session, "a.job")
    assert (state.holder, state.last_run_at) == ("other", None)


def test_the_last_sign_of_life_is_that_of_any_job(app, session, at):
    worker = worker_with(app, one_job=Diary(), other_job=Diary())
    assert queries.last_sign_of_life(session) is None
    worker.round()
    with at(NOW + HOUR):
        worker.round(only={"one.job"})
    assert queries.last_sign_of_life(session) == NOW + HOUR


def test_a_worker_is_ready_once_and_ends_when_told(app):
    said = []
    stop = Stop()

    def end(own, now):
        stop.set()
        return 5

    worker = worker_with(app, a_job=end, never_job=Diary())
    worker.stop = stop
    worker.work(on_ready=lambda: said.append("ready"))
    stop.close()
    assert said == ["ready"]


def test_a_worker_waits_for_a_database_that_is_away(app, monkeypatch, caplog):
    stop = Stop()
    real, trouble = queries.states, [3]
    pauses: list[float] = []

    def states(own):
        if trouble[0]:
            trouble[0] -= 1
            raise OperationalError("SELECT", {}, ConnectionError("gone"))
        return real(own)

    def end(own, now):
        stop.set()
        return 0

    worker = worker_with(app, a_job=end)
    worker.stop = stop
    monkeypatch.setattr(queries, "states", states)
    monkeypatch.setattr(stop, "wait", pauses.append)
    worker.work()
    stop.close()
    assert pauses[:3] == [0.5, 1.0, 2.0]
    assert "gone" not in caplog.text


def test_a_name_can_be_registered_once():
    jobs = Registry()
    jobs.register("a.job", Diary(), every=HOUR)
    with pytest.raises(ValueError, match=r"a\.job"):
        jobs.register("a.job", Diary(), every=HOUR)


def test_the_application_registers_mail_and_upkeep_with_the_promised_pace(app):
    pace = {job.name: job.every.total_seconds() for job in app.extensions["jobs"]}
    assert pace["mail.deliver"] == 2
    assert pace["mail.purge"] == 24 * 3600
    assert pace["submissions.purge"] == pace["limits.purge"] == 3600


def test_a_round_of_the_application_works_on_an_empty_database(app):
    worker = Worker(app)
    worker.prepare()
    with clock.fixed(NOW):
        outcomes = worker.round(force=True)
    assert [outcome for outcome in outcomes if outcome.error or outcome.skipped] == []
