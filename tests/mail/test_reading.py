"""What a coordinator may read of somebody's mail."""

from dataclasses import replace

import pytest

from netapp.mail.mime import Envelope, mail_bytes
from netapp.mail.operations import Address
from netapp.mail.reading import Piece, Reading, hide_secrets, read_mail
from netapp.mail.rendering import render
from tests.factories import NOW
from tests.mail.samples import SITE, WORDS, make_invitation

DEMO = replace(SITE, demo=True)


def written(message: str, **options) -> bytes:
    envelope = Envelope(
        "mail-1@network.example",
        Address(SITE.name, SITE.mail_from),
        Address("Amara Osei", "amara@example.org"),
        None,
        NOW,
    )
    return mail_bytes(envelope, render(message, WORDS, site=SITE), **options)


def all_of(reading: Reading) -> str:
    return "".join([*(piece.text for piece in reading.text), reading.html, reading.calendar])


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("/bookings/7KQ4-X9PD-M2?key=secret", "/bookings/…"),
        ("/bookings/7KQ4-X9PD-M2?key=secret&amp;x=1", "/bookings/…"),
        ("/reset-password/secret.", "/reset-password/…."),
        ("/events/working-with-chaos", "/events/working-with-chaos"),
        ("/events/working-with-chaos?key=secret", "/events/…"),
        ("/events/x/sessions/secret.ics", "/events/…"),
        ("/calendar/my/secret.ics", "/calendar/…"),
        ("/welcome/secret", "/welcome/…"),
        ("/", "/"),
        ("", ""),
    ],
)
def test_links_keep_only_what_anybody_may_see(link, shown):
    text = hide_secrets(f'<a href="{SITE.base_url}{link}">', message="events/offer", site=SITE)
    assert text == f'<a href="{SITE.base_url}{shown}">'


@pytest.mark.parametrize(
    "message",
    [
        "events/booking_confirmed",
        "events/offer",
        "people/link_reset",
        *("people/code", "people/code_again", "people/code_to_join"),
    ],
)
def test_no_secret_is_left_in_any_part(message):
    data = written(message, invitation=make_invitation())
    shown = all_of(read_mail(data, message=message, site=SITE))
    for secret in ("?key=", "key=", "secret-token", "482913"):
        assert secret not in shown
    assert "Hello Amara" in shown


def test_in_the_demo_links_and_codes_are_there_to_try():
    reading = read_mail(written("events/offer"), message="events/offer", site=DEMO)
    links = [piece.href for piece in reading.text if piece.href]
    to_calendar = WORDS["dates"][0]["calendar_url"]
    assert links == [to_calendar, WORDS["take_url"], WORDS["event"]["url"]]
    assert '<head><base target="_blank">' in reading.html
    code = read_mail(written("people/code"), message="people/code", site=DEMO)
    assert "482913" in "".join(piece.text for piece in code.text)


def test_only_links_to_this_site_are_links():
    words = WORDS | {
        "dates": [],
        "reason": "See https://evil.example/a and https://network.example.evil/b",
    }
    letter = render("events/booking_cancelled", words, site=SITE)
    envelope = Envelope("1@x", Address("A", "a@x.org"), Address("B", "b@x.org"), None, NOW)
    data = mail_bytes(envelope, letter)
    reading = read_mail(data, message="events/booking_cancelled", site=DEMO)
    assert [piece.href for piece in reading.text if piece.href] == [WORDS["event"]["url"]]
    assert Piece(WORDS["event"]["url"], WORDS["event"]["url"]) in reading.text


def test_head_invitation_and_files_are_readable():
    data = written("events/invitation", invitation=make_invitation())
    reading = read_mail(data, message="events/invitation", site=SITE)
    assert dict(reading.headers)["Message-ID"] == "<mail-1@network.example>"
    assert [name for name, _ in reading.headers] == ["From", "To", "Subject", "Date", "Message-ID"]
    assert reading.method == "REQUEST"
    lines = reading.calendar.splitlines()
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert f'ORGANIZER;CN="{SITE.name}":mailto:{SITE.mail_from}' in lines
    [file] = reading.files
    assert (file.name, file.media_type) == ("invite.ics", "application/ics")
    assert file.size == len(make_invitation().data)
