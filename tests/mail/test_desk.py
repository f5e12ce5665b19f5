"""The desk's pages about mail."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.mail.kinds import KINDS, kind_words
from netapp.mail.models import MailState
from netapp.mail.rendering import TEMPLATES
from tests.factories import NOW, make_coordinator, make_member
from tests.mail.samples import bytes_of, queue


@pytest.fixture
def coordinator(session, sign_in):
    return sign_in(make_coordinator(session, name="Jo Field"))


@pytest.fixture
def outside_the_demo(app, monkeypatch):
    """The same platform as if it were not a demo."""
    site = app.extensions["site"]
    object.__setattr__(site, "demo", False)
    yield
    object.__setattr__(site, "demo", True)


def acts(session) -> list[tuple[str, str, str, str]]:
    lines = session.scalars(select(AuditLine).order_by(AuditLine.id)).all()
    return [(line.actor_name, line.action, line.subject, line.summary) for line in lines]


def dead(session, row, error="550 5.1.1 No such mailbox") -> None:
    row.state, row.last_error, row.attempts = MailState.DEAD, error, 1
    session.commit()


@pytest.mark.parametrize("path", ["", "/{key}", "/{key}/look"])
def test_only_coordinators_see_mail(session, client, as_person, path):
    path = "/desk/mail" + path.format(key=queue(session).key)
    assert client.get(path).status_code == 303
    assert as_person(make_member(session)).open(path).status_code == 404
    assert as_person(make_coordinator(session)).open(path).status_code == 200


def test_the_list_shows_filters_counts_and_finds(session, visitor, coordinator):
    sent = queue(session, email="zoe@example.org", name="Zoë Ray", about="booking:AAAA-BBBB-CC")
    sent.state, sent.sent_at = MailState.SENT, NOW
    waiting = queue(session, about="booking:7KQ4-X9PD-M2")
    given_up = queue(session, email="gone_%@example.org", name="Sam", about="person:x")
    dead(session, given_up)

    def found(query: str) -> list[str]:
        text = visitor.open(f"/desk/mail{query}").text
        return [row.key for row in (sent, waiting, given_up) if f"/desk/mail/{row.key}" in text]

    assert found("") == [sent.key, waiting.key, given_up.key]
    assert "1 mail was given up" in visitor.text
    assert "No mail server is set" in visitor.text
    assert found("?state=sent") == [sent.key]
    assert found("?state=waiting") == [waiting.key]
    assert found("?state=given-up") == [given_up.key]
    assert found("?q=ZOE@") == [sent.key]
    assert found("?q=7kq4-x9pd") == [waiting.key]
    assert found("?q=_%25@") == [given_up.key]
    assert found("?q=Sam&state=sent") == []
    assert "No mail fits." in visitor.text
    assert found("?state=odd&page=odd") == [sent.key, waiting.key, given_up.key]
    assert found("?page=77") == []
    assert "See all mail" in visitor.text


def test_an_empty_list_says_what_to_do_next(visitor, coordinator):
    assert "No mail has been written yet." in visitor.open("/desk/mail").text


def test_the_list_asks_the_same_number_of_questions_with_one_and_with_thirty(
    session, visitor, coordinator, count_queries
):
    queue(session)
    with count_queries() as one:
        visitor.open("/desk/mail")
    for _ in range(29):
        queue(session)
    with count_queries() as thirty:
        visitor.open("/desk/mail")
    assert len(thirty) == len(one)
    assert '<nav class="pager"' in visitor.text


def test_in_the_demo_a_mail_shows_its_links_and_they_work(session, visitor, coordinator, app):
    url = app.extensions["site"].url("/events/x")
    row = queue(session, event={"title": "Working & <b>Chaos</b>", "url": url, "zone": "UTC"})
    text = visitor.open(f"/desk/mail/{row.key}").text
    assert f'<a href="{url}">{url}</a>' in text
    assert "Working &amp; &lt;b&gt;Chaos&lt;/b&gt;" in text
    assert f"&lt;{row.message_id}&gt;" in text
    assert acts(session) == []


def test_outside_the_demo_links_are_hidden_and_the_reading_is_written_down(
    session, visitor, coordinator, outside_the_demo, app
):
    manage = app.extensions["site"].url("/bookings/7KQ4-X9PD-M2?key=secret")
    row = queue(session, manage_url=manage)
    text = visitor.open(f"/desk/mail/{row.key}").text
    look = visitor.open(f"/desk/mail/{row.key}/look").text
    assert "key=secret" not in text + look
    assert "/bookings/…" in text
    assert "Links and codes are hidden" in text
    summary = f"Read the mail “{row.subject}” to amara@example.org."
    assert acts(session) == [("Jo Field", "mail.read", f"mail:{row.key}", summary)]


def test_each_later_reading_is_written_down_again(
    session, visitor, coordinator, outside_the_demo, at
):
    row = queue(session)
    visitor.open(f"/desk/mail/{row.key}")
    with at(NOW + timedelta(minutes=6)):
        visitor.open(f"/desk/mail/{row.key}/look")
    assert len(acts(session)) == 2


def test_the_mail_as_it_looks_stands_in_a_sandbox(session, visitor, coordinator):
    row = queue(session)
    page = visitor.open(f"/desk/mail/{row.key}")
    assert page.headers["Content-Security-Policy"].endswith("; frame-src 'self'")
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page.text
    look = visitor.open(f"/desk/mail/{row.key}/look")
    policy = look.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; form-action 'none'")
    assert policy.endswith("sandbox allow-popups allow-popups-to-escape-sandbox")
    assert look.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "allow-scripts" not in policy


def test_a_dead_mail_is_sent_again_once_with_the_same_message_id(session, visitor, coordinator):
    row = queue(session)
    dead(session, row)
    before = (row.message_id, bytes_of(session, row))
    visitor.open(f"/desk/mail/{row.key}")
    assert "550 5.1.1 No such mailbox" in visitor.text
    form = visitor.form("/again")
    visitor.send("/again")
    assert "The mail is in the queue again." in visitor.text
    visitor.client.post(form.action, data=dict(form.fields))  # The button, pressed twice.
    session.expire_all()
    assert (row.state, row.attempts, row.last_error) == (MailState.QUEUED, 0, "")
    assert row.retry_until == NOW + timedelta(days=3)
    assert (row.message_id, bytes_of(session, row)) == before
    summary = f"Sent “{row.subject}” again to amara@example.org."
    assert acts(session) == [("Jo Field", "mail.send_again", f"mail:{row.key}", summary)]


def test_a_waiting_mail_is_given_up(session, visitor, coordinator):
    row = queue(session)
    visitor.open(f"/desk/mail/{row.key}")
    visitor.send("/give-up")
    assert "The mail is given up." in visitor.text
    assert "Given up by Jo Field." in visitor.text
    session.expire_all()
    assert row.state is MailState.DEAD
    assert [action for _, action, _, _ in acts(session)] == ["mail.give_up"]


def test_what_cannot_be_done_is_said_and_changes_nothing(session, visitor, coordinator):
    row = queue(session)
    visitor.open(f"/desk/mail/{row.key}")
    row.leased_until = NOW + timedelta(seconds=30)
    session.commit()
    visitor.send("/give-up")
    assert "This mail is being sent at this moment." in visitor.text
    row.state, row.sent_at = MailState.SENT, NOW
    visitor.open(f"/desk/mail/{row.key}")
    session.commit()
    assert acts(session) == []


def test_a_button_pressed_too_late_says_so(session, visitor, coordinator):
    row = queue(session)
    visitor.open(f"/desk/mail/{row.key}")
    row.state, row.sent_at = MailState.SENT, NOW
    session.commit()
    visitor.send("/give-up")
    assert "This mail does not wait any more" in visitor.text


def test_a_mail_whose_text_was_deleted_says_so(session, visitor, coordinator):
    row = queue(session)
    row.state, row.sent_at, row.sealed = MailState.SENT, NOW, None
    session.commit()
    assert "The text was deleted" in visitor.open(f"/desk/mail/{row.key}").text
    assert visitor.open(f"/desk/mail/{row.key}/look").status_code == 404


def test_a_mail_sealed_with_another_secret_says_so(session, visitor, coordinator):
    row = queue(session)
    row.sealed = b"\x01" + b"x" * 40
    dead(session, row)
    assert "This mail cannot be opened" in visitor.open(f"/desk/mail/{row.key}").text
    assert [form.action for form in visitor.forms() if "again" in form.action] == []


def test_an_unknown_mail_is_not_there(visitor, coordinator):
    assert visitor.open("/desk/mail/nothing").status_code == 404


def test_every_kind_of_mail_is_called_by_words():
    there = {f"{p.parent.name}/{p.name}" for p in TEMPLATES.glob("*/*") if p.is_dir()}
    assert there - set(KINDS) == set()
    assert [words for words in KINDS.values() if "_" in words or "/" in words] == []
    assert len(set(KINDS.values())) == len(KINDS)
    assert kind_words("events/no_more_sent") == "No more sent"


def test_the_page_says_what_mail_it_is_and_about_what(session, visitor, coordinator):
    text = visitor.open(f"/desk/mail/{queue(session, about='booking:7KQ4-X9PD').key}").text
    assert "Booking confirmed. About the booking 7KQ4-X9PD." in text
    assert "events/booking_confirmed" not in text
    person = make_member(session, name="Amara Osei")
    row = queue(session, about=f"person:{person.key}", message="people/welcome", url="https://x.y")
    text = visitor.open(f"/desk/mail/{row.key}").text
    assert f'Welcome. About <a href="/desk/people/{person.key}">Amara Osei</a>.' in text
