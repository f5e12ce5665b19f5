"""Hostile names and subjects: nothing breaks, nothing is added, the name survives."""

from email import policy
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netapp.mail.addresses import NAME_LENGTH, SUBJECT_LENGTH, Address, head_text
from netapp.mail.mime import Envelope, mail_bytes
from netapp.mail.rendering import Rendered
from tests.factories import NOW
from tests.mail.samples import SITE

HEADERS = {"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted"}
HEADERS |= {"MIME-Version", "Content-Type", "Content-Language"}
HOSTILE = [
    "Amara\r\nBcc: victim@example.org",
    "Amara\nSubject: Win",
    "=?utf-8?q?Amara=0ABcc=3A_victim=40example=2Eorg?=",
    'Müller, "Bob" <victim@example.org>',
    "a, victim@example.org, b; c: d" * 8,
    "Ü, victim@example.org; d: e" * 8,
    '"' * 60,
    "\\" * 60,
    "(comment) Jörg",
    "日本語" * 40,
    "é" * 200,
    "a" * 300,
    "Adaeze\u202eevil\u2066",
    "👩🏽‍🎤 Ṫhe Mağnificent",
    "  Amara \t Osei  ",
    "",
]


def written(name: str, subject: str) -> bytes:
    envelope = Envelope(
        message_id="mail-1@network.example",
        sender=Address(SITE.name, SITE.mail_from),
        to=Address(name, "amara@example.org"),
        reply_to=Address(name, "jo@example.org"),
        sent_on=NOW,
    )
    return mail_bytes(envelope, Rendered(subject, "text\n", "<p>html</p>"))


def check(name: str, subject: str) -> None:
    data = written(name, subject)
    raw = BytesHeaderParser(policy=policy.compat32).parsebytes(data)
    assert (set(raw.keys()), len(raw.keys())) == (HEADERS, len(HEADERS))
    for header, address in [("To", "amara@example.org"), ("Reply-To", "jo@example.org")]:
        [(phrase, found)] = getaddresses([str(raw[header])])
        shown = str(make_header(decode_header(phrase))) if "=?" in phrase else phrase
        assert (shown, found) == (head_text(name, NAME_LENGTH), address)
    read = BytesHeaderParser(policy=policy.default).parsebytes(data)
    assert read["Subject"] == head_text(subject, SUBJECT_LENGTH)
    assert len(read["Subject"]) <= 200
    assert max(len(line) for line in data.split(b"\r\n")) <= 78
    assert data.isascii()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_one_name_and_one_subject(text):
    check(text, text or "Subject")


@given(st.text(max_size=250), st.text(max_size=400))
def test_any_text_stays_one_name_and_one_subject(name, subject):
    check(name, subject)


@given(st.text('ab ",;<>()@éÜ日=?.:', max_size=150))
def test_what_means_something_in_a_head_means_nothing_in_a_name(text):
    check(text, text)


def test_an_address_that_is_none_is_refused():
    for address in ["a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org", "a", ""]:
        envelope = Envelope("1@x", Address("A", "a@example.org"), Address("B", address), None, NOW)
        with pytest.raises(Exception, match=r"."):
            mail_bytes(envelope, Rendered("s", "t", "h"))


def test_a_plain_name_stands_as_it_is():
    assert b"\r\nTo: Amara Osei <amara@example.org>\r\n" in written("Amara Osei", "Hello")
