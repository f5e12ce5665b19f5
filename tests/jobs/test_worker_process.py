"""A real worker on a database that is locked, or whose connections break."""

import pytest
from sqlalchemy import text

from tests.jobs.processes import environment, worker_process
from tests.mail.samples import queue

pytestmark = pytest.mark.processes


@pytest.fixture
def environ(app):
    """By the machine's clock: how soon it goes on is what is looked at."""
    yield environment(app, None)
    for file in app.extensions["settings"].mail_folder.glob("*.eml"):
        file.unlink()


def test_it_says_when_it_is_ready_and_ends_soon_when_told(session, environ):
    with worker_process(environ) as worker:
        worker.wait_for("Worker ready")
        assert worker.end() == 0
        worker.wait_for("worker ended")


@pytest.mark.postgresql
def test_it_goes_on_by_itself_after_its_connections_broke(session, environ):
    with worker_process(environ | {"PGAPPNAME": "worker of the test"}) as worker:
        worker.wait_for("Worker ready")
        broken = session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'worker of the test'"
            )
        )
        assert broken.scalars().all()
        session.rollback()
        queue(session)
        worker.wait_for("mail.deliver: 1 done")
        assert worker.end() == 0


@pytest.mark.slow
def test_it_goes_on_by_itself_after_the_database_was_locked(session, environ, new_session):
    """Longer than anybody waits for a lock."""
    queue(session)
    session.rollback()
    locker = new_session()
    if locker.get_bind().dialect.name == "sqlite":
        locker.execute(text("UPDATE job_states SET failures = 0"))
    else:
        locker.execute(text("LOCK TABLE job_states IN EXCLUSIVE MODE"))
    with worker_process(environ) as worker:
        worker.wait_for("database not available")
        locker.rollback()
        locker.close()
        worker.wait_for("Worker ready")
        worker.wait_for("mail.deliver: 1 done")
        assert worker.end() == 0
