"""The mail server is away for an hour, by the clock: the worker waits longer and longer, the rest
of the work goes on, and what waited is out within minutes of the server's return."""

from datetime import datetime, timedelta
from itertools import pairwise

from netapp.jobs.models import JobState
from netapp.jobs.registry import Registry
from netapp.jobs.worker import Worker
from netapp.kernel import clock
from netapp.mail import jobs as mail_jobs
from netapp.mail.delivery import SmtpTransport
from tests.factories import NOW
from tests.mail.samples import bytes_of, queue
from tests.mail.smtp_server import MailServer, free_port

STEP = timedelta(seconds=10)
HOUR = timedelta(hours=1)


def test_nothing_is_lost_and_all_is_out_soon_after_the_server_is_back(app, session):
    server = MailServer(free_port())
    worker = Worker(app)
    worker.jobs = Registry()
    way = SmtpTransport("127.0.0.1", server.port, "bookings@network.example", tls="none")
    mail_jobs.register(worker.jobs, way)
    others: list[datetime] = []

    def other_work(own: object, now: datetime) -> int:
        others.append(now)
        return 0

    worker.jobs.register("other.work", other_work, every=timedelta(minutes=1))
    worker.prepare()

    tries: list[datetime] = []
    written: list[bytes] = []
    moment = NOW
    while moment < NOW + HOUR:
        if (moment - NOW) % timedelta(minutes=3) == timedelta(0):
            written.append(bytes_of(session, queue(session, now=moment)))
            session.rollback()
        with clock.fixed(moment):
            if any(outcome.error for outcome in worker.round()):
                tries.append(moment)
        moment += STEP
    assert [(b - a).total_seconds() for a, b in pairwise(tries)] == [
        *(30, 60, 120, 240, 480),
        *(600, 600, 600, 600),
    ]
    assert len(others) == 60
    state = session.get_one(JobState, "mail.deliver")
    assert state.last_error.startswith("the mail server cannot be reached: ")

    server.start()
    try:
        while len(server.arrived) < len(written):
            with clock.fixed(moment):
                worker.round()
            moment += STEP
    finally:
        server.stop()
    assert moment - NOW <= HOUR + timedelta(minutes=10)
    assert [mail.data for mail in server.arrived] == written
