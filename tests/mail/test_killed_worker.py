"""A real worker is killed between sending a mail and writing that down: nothing is lost, and what
goes out twice is the same mail with the same Message-ID."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from netapp.mail.models import MailState, OutboxMessage
from tests.factories import NOW
from tests.jobs.processes import (
    PATIENCE,
    WorkerProcess,
    environment,
    set_clock,
    worker_process,
)
from tests.mail.samples import bytes_of, queue
from tests.mail.smtp_server import OK, Arrived, MailServer, mail_server

pytestmark = pytest.mark.processes

AFTER_THE_LEASE = timedelta(seconds=61)


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


@pytest.fixture
def clock_file(tmp_path):
    path = tmp_path / "clock"
    set_clock(path, NOW)
    return path


def environ(app, clock_file, server: MailServer) -> dict[str, str]:
    return environment(
        app,
        clock_file,
        NETAPP_SMTP_HOST="127.0.0.1",
        NETAPP_SMTP_PORT=str(server.port),
        NETAPP_SMTP_TLS="none",
        NETAPP_MAIL_FROM=app.extensions["site"].mail_from,
    )


def states(session) -> set[MailState]:
    session.expire_all()
    return set(session.scalars(select(OutboxMessage.state)))


def test_killed_as_the_server_has_the_mail_but_has_not_said_so(app, session, server, clock_file):
    written = [bytes_of(session, queue(session, email=f"p{n}@example.org")) for n in range(3)]
    workers: list[WorkerProcess] = []

    def kill_at_the_second(mail: Arrived) -> str:
        if mail.to == "p1@example.org" and len(workers) == 1:
            workers[0].kill()
        return OK

    server.on_mail = kill_at_the_second
    with worker_process(environ(app, clock_file, server)) as first:
        workers.append(first)
        assert [server.coming.get(timeout=PATIENCE).to for _ in range(2)] == [
            "p0@example.org",
            "p1@example.org",
        ]
        assert first.process.wait(PATIENCE) == -9
    set_clock(clock_file, NOW + AFTER_THE_LEASE)
    with worker_process(environ(app, clock_file, server)) as second:
        workers.append(second)
        for _ in range(2):
            server.coming.get(timeout=PATIENCE)
        assert second.end() == 0

    assert [mail.data for mail in server.arrived] == [written[k] for k in (0, 1, 1, 2)]
    assert states(session) == {MailState.SENT}


def test_killed_after_the_server_said_yes_and_before_it_is_written_down(
    app, session, new_session, server, clock_file
):
    row = queue(session)
    data = bytes_of(session, row)
    session.rollback()
    locker = new_session()

    def hold_the_row(mail: Arrived) -> str:
        """Locks the row (on SQLite, the database), so that the worker cannot write "sent"."""
        with app.app_context():
            locker.execute(update(OutboxMessage).values(last_error="held by the test"))
        return OK

    server.on_mail = hold_the_row
    with worker_process(environ(app, clock_file, server)) as first:
        server.coming.get(timeout=PATIENCE)
        first.kill()
    locker.rollback()
    locker.close()
    assert states(session) == {MailState.QUEUED}

    server.on_mail = lambda mail: OK
    set_clock(clock_file, NOW + AFTER_THE_LEASE)
    with worker_process(environ(app, clock_file, server)) as second:
        server.coming.get(timeout=PATIENCE)
        assert second.end() == 0
    assert [mail.data for mail in server.arrived] == [data, data]
    assert states(session) == {MailState.SENT}


@pytest.mark.slow
def test_killed_again_and_again_nothing_is_lost(app, session, server, clock_file):
    ids = {f"<{queue(session, email=f'p{n}@example.org').message_id}>" for n in range(20)}
    kills = 4
    for round_number in range(kills):
        set_clock(clock_file, NOW + round_number * AFTER_THE_LEASE)
        with worker_process(environ(app, clock_file, server)) as worker:
            for _ in range(3):
                server.coming.get(timeout=PATIENCE)
            worker.kill()
    set_clock(clock_file, NOW + kills * AFTER_THE_LEASE)
    with worker_process(environ(app, clock_file, server)) as last:
        while ids - {mail.message_id for mail in server.arrived}:
            server.coming.get(timeout=PATIENCE)
        assert last.end() == 0

    assert states(session) == {MailState.SENT}
    assert {mail.message_id for mail in server.arrived} == ids
    assert len({(mail.to, mail.data) for mail in server.arrived}) == len(ids)
    assert max(Counter(server.addressees()).values()) <= 1 + kills


def test_several_workers_run_together_and_each_mail_goes_out_once(app, session, server, clock_file):
    wanted = [f"<{queue(session, email=f'p{n}@example.org').message_id}>" for n in range(20)]
    with (
        worker_process(environ(app, clock_file, server)) as one,
        worker_process(environ(app, clock_file, server)) as other,
    ):
        for worker in (one, other):
            worker.wait_for("Worker ready")
        for _ in wanted:
            server.coming.get(timeout=PATIENCE)
        assert (one.end(), other.end()) == (0, 0)
    assert Counter(mail.message_id for mail in server.arrived) == Counter(wanted)
    assert states(session) == {MailState.SENT}


def test_without_a_server_the_worker_keeps_mail_in_the_folder(app, session, clock_file):
    row = queue(session)
    folder = app.extensions["settings"].mail_folder
    with worker_process(environment(app, clock_file)) as worker:
        worker.wait_for("mail.deliver: 1 done")
        assert worker.end() == 0
    kept = folder / f"20270111T120000Z-{row.key}.eml"
    assert kept.read_bytes() == bytes_of(session, row)
    kept.unlink()
