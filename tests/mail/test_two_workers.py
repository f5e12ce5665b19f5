"""Several workers at once: each mail goes out once."""

import threading
from collections import Counter

from netapp.mail.delivery import SmtpTransport
from netapp.mail.jobs import Delivered, deliver_due
from netapp.mail.models import MailState, OutboxMessage
from netapp.mail.operations import claim_next, mark_delayed, mark_sent
from tests.factories import NOW
from tests.mail.samples import queue
from tests.mail.smtp_server import mail_server

MAILS = 40
WORKERS = 4


def test_four_workers_with_connections_of_their_own_send_each_mail_once(app, session, new_session):
    rows = [queue(session, email=f"p{n}@example.org") for n in range(MAILS)]
    wanted = Counter(f"<{row.message_id}>" for row in rows)
    start = threading.Barrier(WORKERS)
    results: list[Delivered] = []

    def work(port: int) -> None:
        way = SmtpTransport("127.0.0.1", port, "bookings@network.example", tls="none")
        with app.app_context(), new_session() as own:
            start.wait(timeout=30)
            results.append(deliver_due(own, way))

    with mail_server() as server:
        threads = [threading.Thread(target=work, args=[server.port]) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        # Whoever found nothing left may have ended early; nothing is left for one more round.
        way = SmtpTransport("127.0.0.1", server.port, "bookings@network.example", tls="none")
        results.append(deliver_due(session, way))
        arrived = Counter(mail.message_id for mail in server.arrived)

    assert len(results) == WORKERS + 1
    assert sum(each.sent for each in results) == MAILS
    assert arrived == wanted
    session.expire_all()
    states = {session.get_one(OutboxMessage, row.id).state for row in rows}
    assert states == {MailState.SENT}


def test_a_worker_that_was_too_slow_does_not_undo_what_another_did(session):
    row = queue(session)
    slow = claim_next(session, now=NOW)
    session.commit()
    assert slow is not None
    later = slow.leased_until
    quick = claim_next(session, now=later)
    session.commit()
    assert quick is not None
    mark_sent(session, quick, data=b"From: us", now=later)
    mark_delayed(session, slow, error="timed out", now=later)
    session.commit()
    session.expire_all()
    assert (row.state, row.last_error, row.attempts) == (MailState.SENT, "", 2)


def test_a_worker_that_was_too_slow_but_sent_it_says_so(session):
    row = queue(session)
    slow = claim_next(session, now=NOW)
    assert slow is not None
    claim_next(session, now=slow.leased_until)
    mark_sent(session, slow, data=b"From: us", now=slow.leased_until)
    session.commit()
    session.expire_all()
    assert row.state is MailState.SENT
