"""The form of a mail with an invitation, as calendar programs want it."""

from icalendar import Calendar

from netapp.mail.mime import Attachment, Envelope, mail_bytes
from netapp.mail.operations import Address
from netapp.mail.rendering import Rendered
from tests.factories import NOW
from tests.mail.samples import SITE, make_invitation, parsed, raw

LETTER = Rendered("Working With Chaos: Ö", "Hello Ämara,\n\n.\nFrom you\n", "<p>Hello Ämara</p>")
ENVELOPE = Envelope(
    message_id="mail-k3v9@network.example",
    sender=Address(SITE.name, SITE.mail_from),
    to=Address("Ämara Osei", "amara@example.org"),
    reply_to=Address("Jo Field", "jo@example.org"),
    sent_on=NOW,
)


def tree(part) -> object:
    if part.is_multipart():
        return part.get_content_type(), [tree(each) for each in part.iter_parts()]
    return part.get_content_type()


def test_a_mail_with_an_invitation_carries_it_twice():
    invitation = make_invitation()
    mail = parsed(mail_bytes(ENVELOPE, LETTER, invitation=invitation))
    alternatives = ["text/plain", "text/html", "text/calendar"]
    assert tree(mail) == (
        "multipart/mixed",
        [("multipart/alternative", alternatives), "application/ics"],
    )
    alternative, attached = mail.iter_parts()
    calendar = list(alternative.iter_parts())[2]
    assert calendar.get_param("method") == "REQUEST"
    assert calendar.get_content_charset() == "utf-8"
    assert calendar["Content-Disposition"] is None
    assert calendar["Content-Transfer-Encoding"] == "base64"
    assert raw(calendar) == invitation.data
    assert raw(attached) == invitation.data
    assert attached.get_filename() == "invite.ics"
    assert attached.get_param("name") == "invite.ics"
    assert attached.get_content_disposition() == "attachment"


def test_method_and_organiser_are_the_same_in_mail_and_calendar():
    for method in ("REQUEST", "CANCEL"):
        mail = parsed(mail_bytes(ENVELOPE, LETTER, invitation=make_invitation(method)))
        [calendar] = [p for p in mail.walk() if p.get_content_type() == "text/calendar"]
        inside = Calendar.from_ical(raw(calendar))
        assert inside["METHOD"] == calendar.get_param("method") == method
        sender = mail["From"].addresses[0]
        assert str(inside.events[0]["ORGANIZER"]) == f"mailto:{sender.addr_spec}"
        assert inside.events[0]["ORGANIZER"].params["CN"] == sender.display_name == SITE.name


def test_every_line_ends_in_crlf_also_inside_the_calendar():
    invitation = make_invitation()
    data = mail_bytes(ENVELOPE, LETTER, invitation=invitation)
    assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r")
    assert data.isascii()
    [calendar] = [p for p in parsed(data).walk() if p.get_content_type() == "text/calendar"]
    inside = raw(calendar)
    assert inside.count(b"\n") == inside.count(b"\r\n")


def test_head_says_who_when_and_that_nobody_wrote_by_hand():
    mail = parsed(mail_bytes(ENVELOPE, LETTER))
    assert str(mail["From"]) == f"{SITE.name} <bookings@network.example>"
    assert mail["To"].addresses[0].display_name == "Ämara Osei"
    assert str(mail["Reply-To"]) == "Jo Field <jo@example.org>"
    assert mail["Message-ID"] == "<mail-k3v9@network.example>"
    assert mail["Date"].datetime == NOW
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_plain_mail_has_two_bodies_and_keeps_its_words():
    mail = parsed(mail_bytes(ENVELOPE, LETTER))
    assert tree(mail) == ("multipart/alternative", ["text/plain", "text/html"])
    plain, html = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert html.get_content().strip() == LETTER.html


def test_files_are_attached_byte_for_byte():
    file = Attachment("event-1.ics", make_invitation().data, "text/calendar")
    mail = parsed(mail_bytes(ENVELOPE, LETTER, attachments=[file, file]))
    assert [part.get_filename() for part in mail.iter_attachments()] == ["event-1.ics"] * 2
    assert [raw(part) for part in mail.iter_attachments()] == [file.data] * 2
