"""Mail leaves by a real server: what is accepted, refused, put off, and when the server is away."""

from datetime import timedelta

import pytest
from jinja2 import UndefinedError
from sqlalchemy import select

from netapp.kernel import clock
from netapp.mail import drafts, rendering
from netapp.mail.delivery import FolderTransport, ServerAway, SmtpTransport
from netapp.mail.jobs import deliver_due
from netapp.mail.models import MailState, OutboxMessage
from tests.factories import NOW
from tests.mail.samples import bytes_of, parsed, queue
from tests.mail.smtp_server import OK, MailServer, free_port, mail_server

SENDER = "bookings@network.example"


@pytest.fixture
def server():
    with mail_server() as running:
        yield running


def way_to(server: MailServer, **options) -> SmtpTransport:
    return SmtpTransport("127.0.0.1", server.port, SENDER, tls="none", **options)


def states(session) -> list[tuple[str, MailState, int]]:
    session.expire_all()
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return [(row.to_email, row.state, row.attempts) for row in rows]


def test_mail_goes_out_in_order_as_it_was_written(session, server):
    rows = [queue(session, email=f"p{n}@example.org") for n in range(3)]
    written = [(row.to_email, SENDER, bytes_of(session, row)) for row in rows]

    assert deliver_due(session, way_to(server)).sent == 3

    assert [(mail.to, mail.sender, mail.data) for mail in server.arrived] == written
    assert states(session) == [(to, MailState.SENT, 1) for to, _, _ in written]
    assert {row.sent_at for row in rows} == {NOW}
    assert deliver_due(session, way_to(server)).total == 0
    assert len(server.arrived) == 3


def test_a_refused_address_is_given_up_at_once_and_the_others_arrive(session, server):
    server.on_recipient = lambda to: "550 5.1.1 No such mailbox" if to.startswith("gone") else OK
    rows = [queue(session, email=f"{who}@example.org") for who in ("gone", "here")]

    assert deliver_due(session, way_to(server)).given_up == 1

    assert server.addressees() == ["here@example.org"]
    assert states(session) == [
        ("gone@example.org", MailState.DEAD, 1),
        ("here@example.org", MailState.SENT, 1),
    ]
    assert rows[0].last_error == "550 5.1.1 No such mailbox"


def test_a_refused_mail_is_given_up(session, server):
    server.on_mail = lambda mail: "554 5.6.0 We do not take this"
    queue(session)
    assert deliver_due(session, way_to(server)).given_up == 1
    assert states(session) == [("amara@example.org", MailState.DEAD, 1)]


@pytest.mark.parametrize("answer", ["451 4.7.1 Come back later", "554 5.7.1 Relay access denied"])
def test_what_may_pass_is_tried_again_with_growing_pauses_for_three_days(
    session, server, at, answer
):
    server.on_recipient = lambda to: answer
    row = queue(session)
    moment, pauses = NOW, []
    for _ in range(8):
        with at(moment):
            assert deliver_due(session, way_to(server)).delayed == 1
        session.expire_all()
        pauses.append((row.next_attempt_at - moment).total_seconds())
        with at(row.next_attempt_at - timedelta(seconds=1)):
            assert deliver_due(session, way_to(server)).total == 0
        moment = row.next_attempt_at
    assert (row.last_error, row.state) == (answer, MailState.QUEUED)
    assert pauses == [30, 60, 120, 240, 480, 600, 600, 600]
    with at(NOW + timedelta(days=3, seconds=-1)):
        deliver_due(session, way_to(server))
    assert states(session) == [("amara@example.org", MailState.QUEUED, 9)]
    with at(NOW + timedelta(days=3, minutes=10)):
        deliver_due(session, way_to(server))
    assert states(session) == [("amara@example.org", MailState.DEAD, 10)]


def test_many_that_must_wait_do_not_hold_up_the_others(session, server):
    server.on_recipient = lambda to: OK if to.startswith("here") else "450 4.2.0 Greylisted"
    for n in range(7):
        queue(session, email=f"later{n}@example.org")
    queue(session, email="here@example.org")
    assert deliver_due(session, way_to(server)).sent == 1
    assert server.addressees() == ["here@example.org"]


def test_a_mail_that_makes_the_server_hang_up_does_not_hold_up_the_others(session, server):
    server.on_recipient = lambda to: "421 Bye" if to.startswith("poison") else OK
    queue(session, email="poison@example.org")
    for n in range(3):
        queue(session, email=f"p{n}@example.org")
    assert deliver_due(session, way_to(server)).sent == 3
    assert states(session)[0] == ("poison@example.org", MailState.QUEUED, 1)


def test_a_mail_that_cannot_be_opened_does_not_hold_up_the_others(session, server):
    broken = queue(session, email="broken@example.org")
    broken.sealed = b"\x01" + b"x" * 50
    session.commit()
    queue(session, email="here@example.org")
    assert deliver_due(session, way_to(server)).sent == 1
    assert states(session)[0] == ("broken@example.org", MailState.DEAD, 1)


def test_what_was_sent_is_kept_whatever_the_words_are_later(session, server, monkeypatch):
    row = queue(session)
    deliver_due(session, way_to(server))
    monkeypatch.setattr("netapp.mail.drafts.render", lambda *args, **more: "other words")
    session.expire_all()
    assert bytes_of(session, row) == server.arrived[0].data


def test_a_mail_whose_words_cannot_be_made_waits_and_does_not_hold_up_the_others(
    session, server, monkeypatch
):
    real = rendering.render

    def breaks(message, *args, **more):
        if message == "events/waiting":
            raise UndefinedError("a mistake in a template")
        return real(message, *args, **more)

    monkeypatch.setattr(drafts, "render", breaks)
    queue(session, email="broken@example.org", message="events/waiting")
    queue(session, email="here@example.org")
    assert deliver_due(session, way_to(server)).sent == 1
    assert states(session)[0] == ("broken@example.org", MailState.QUEUED, 1)
    monkeypatch.undo()
    with clock.fixed(NOW + timedelta(minutes=1)):
        assert deliver_due(session, way_to(server)).sent == 1
    assert server.addressees() == ["here@example.org", "broken@example.org"]


def test_a_server_that_takes_nobody_is_away_and_costs_three_tries_not_all(session, server):
    server.on_sender = lambda sender: "550 5.7.1 Not from here"
    for n in range(20):
        queue(session, email=f"p{n}@example.org")
    with pytest.raises(ServerAway, match="Not from here"):
        deliver_due(session, way_to(server))
    assert [attempts for _, _, attempts in states(session)] == [1] * 3 + [0] * 17


def test_a_server_away_for_an_hour_costs_no_try_and_loses_nothing(session, at):
    server = MailServer(free_port())
    rows = [queue(session, email=f"p{n}@example.org") for n in range(40)]
    ids = [f"<{row.message_id}>" for row in rows]
    for minute in range(60):
        with at(NOW + timedelta(minutes=minute)), pytest.raises(ServerAway):
            deliver_due(session, way_to(server))
    assert {attempts for _, _, attempts in states(session)} == {0}
    server.start()
    try:
        with at(NOW + timedelta(hours=1)):
            assert deliver_due(session, way_to(server)).sent == 40
    finally:
        server.stop()
    assert [mail.message_id for mail in server.arrived] == ids


def test_a_lease_keeps_others_away_until_it_ends_also_across_a_clock_step(session, server, at):
    row = queue(session)
    row.leased_until = NOW + timedelta(seconds=60)
    session.commit()
    with at(NOW + timedelta(seconds=59)):
        assert deliver_due(session, way_to(server)).total == 0
    with at(NOW - timedelta(hours=1)):  # Nobody can have leased it for so long.
        assert deliver_due(session, way_to(server)).sent == 1


def test_a_time_that_lies_too_far_ahead_comes_from_a_clock_set_back(session, server, at):
    queue(session, now=NOW + timedelta(hours=1))
    with at(NOW + timedelta(minutes=55)):
        assert deliver_due(session, way_to(server)).total == 0
    assert deliver_due(session, way_to(server)).sent == 1


def test_what_was_not_committed_is_not_sent(session, server):
    queue(session, email="kept@example.org")
    row = queue(session, email="undone@example.org")
    session.delete(row)
    session.flush()
    session.rollback()
    session.delete(session.get(OutboxMessage, row.id))
    session.commit()
    deliver_due(session, way_to(server))
    assert server.addressees() == ["kept@example.org"]


def test_without_a_server_mail_is_kept_as_files_for_this_user_only(session, tmp_path):
    folder = tmp_path / "mail"
    row = queue(session)
    assert deliver_due(session, FolderTransport(folder)).sent == 1
    [file] = folder.iterdir()
    assert file.name == f"20270111T120000Z-{row.key}.eml"
    assert file.read_bytes() == bytes_of(session, row)
    assert (file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)


def test_a_mail_that_is_kept_twice_is_one_file(session, tmp_path):
    row = queue(session)
    deliver_due(session, FolderTransport(tmp_path))
    row.state = MailState.QUEUED
    session.commit()
    with clock.fixed(NOW + timedelta(hours=1)):
        deliver_due(session, FolderTransport(tmp_path))
    [file] = tmp_path.iterdir()
    assert parsed(file.read_bytes())["Message-ID"] == f"<{row.message_id}>"


def test_a_folder_that_cannot_be_made_is_a_server_away(session, tmp_path):
    (tmp_path / "file").write_text("")
    queue(session)
    with pytest.raises(ServerAway):
        deliver_due(session, FolderTransport(tmp_path / "file" / "mail"))
    assert states(session)[0][2] == 0
