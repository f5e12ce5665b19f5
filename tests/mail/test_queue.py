"""What a mail says is fixed in the transaction that causes it, and kept sealed until its time is
over."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from netapp.kernel.crypto import SealBroken
from netapp.kernel.site import site_of
from netapp.mail.models import MailState, OutboxMessage
from netapp.mail.operations import (
    Address,
    Attachment,
    Letter,
    enqueue,
    enqueue_all,
    purge,
    rehearse,
)
from netapp.mail.sealing import unseal
from tests.factories import NOW
from tests.mail.samples import WORDS, bytes_of, make_invitation, parsed, part, queue

FILE = Attachment("event-1.ics", b"\x00\xff", "application/octet-stream")


def test_what_it_says_is_fixed_when_it_is_queued(session):
    row = enqueue(
        session,
        to=Address("Amara Osei", "amara@example.org"),
        message="events/booking_confirmed",
        about="booking:7KQ4-X9PD-M2",
        now=NOW,
        context=WORDS,
        invitation=make_invitation(),
    )
    session.commit()
    mail = parsed(bytes_of(session, row))
    site = site_of(session)
    assert mail["Message-ID"] == f"<{row.message_id}>" == f"<mail-{row.key}@{site.uid_domain}>"
    assert str(mail["From"]) == f"{site.name} <{site.mail_from}>"
    assert str(mail["To"]) == "Amara Osei <amara@example.org>"
    assert str(mail["Reply-To"]) == "Jo Field <jo@network.example>"
    assert mail["Subject"] == row.subject == "Working With Chaos: your places are confirmed"
    assert mail["Date"].datetime == NOW
    assert "The calendar message in this mail" in part(mail, "plain")
    assert "METHOD:REQUEST" in part(mail, "calendar")
    assert (row.state, row.attempts, row.next_attempt_at) == (MailState.QUEUED, 0, NOW)


def test_without_a_contact_answers_go_to_the_sender(session):
    assert parsed(bytes_of(session, queue(session, contact=None)))["Reply-To"] is None


def test_nothing_of_the_text_can_be_read_in_the_database(session):
    row = queue(session, message="people/code", code="482913")
    stored = row.sealed or b""
    for secret in (b"482913", b"Amara", b"Message-ID"):
        assert secret not in stored


def test_a_text_moved_to_another_row_does_not_open(session):
    first, second = queue(session), queue(session)
    with pytest.raises(SealBroken):
        unseal(site_of(session), second.key, first.sealed or b"")


def test_an_undone_change_sends_nothing(session):
    enqueue(
        session,
        to=Address("Amara", "amara@example.org"),
        message="people/code",
        about="sign-in",
        now=NOW,
        context=WORDS,
    )
    session.rollback()
    assert session.scalar(select(func.count(OutboxMessage.id))) == 0


def test_a_rehearsal_sends_nothing(session):
    rehearse(
        session,
        to=Address("Amara", "amara@example.org"),
        message="people/code",
        about="sign-in",
        now=NOW,
        context=WORDS,
    )
    session.commit()
    assert session.scalar(select(func.count(OutboxMessage.id))) == 0


def test_texts_are_deleted_when_their_time_is_over_and_the_rows_stay(session):
    sent, dead, waiting, recent = (queue(session) for _ in range(4))
    days = timedelta(days=site_of(session).mail_keep_days)
    sent.state, sent.sent_at = MailState.SENT, NOW
    recent.state, recent.sent_at = MailState.SENT, NOW + timedelta(days=3, hours=1)
    dead.state = MailState.DEAD
    session.commit()
    assert purge(session, NOW + days) == 0
    assert purge(session, NOW + days + timedelta(days=3, seconds=1)) == 2
    session.commit()
    session.expire_all()
    assert [row.sealed is None for row in (sent, dead, waiting, recent)] == [
        True,
        True,
        False,
        False,
    ]
    assert sent.subject == "Working With Chaos: your places are confirmed"


def test_the_same_draft_makes_the_same_mail(session):
    row = queue(session, invitation=make_invitation(), attachments=[FILE])
    assert bytes_of(session, row) == bytes_of(session, row)
    divided = [p.get_boundary() for p in parsed(bytes_of(session, row)).walk() if p.is_multipart()]
    assert len(divided) == len(set(divided)) == 2


def test_many_are_queued_in_their_order(session):
    to = [Address(f"Person {n}", f"p{n}@example.org") for n in range(3)]
    letters = [Letter(each, "people/code", "sign-in", WORDS | {"code": "482913"}) for each in to]
    enqueue_all(session, letters, now=NOW)
    session.commit()
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    assert [row.to_email for row in rows] == [each.email for each in to]
    assert len({row.message_id for row in rows}) == 3
    assert all("482913" in part(parsed(bytes_of(session, row)), "plain") for row in rows)


def test_what_json_cannot_hold_is_refused_at_once(session):
    with pytest.raises(TypeError):
        queue(session, when=NOW)
