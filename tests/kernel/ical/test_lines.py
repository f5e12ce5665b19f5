import pytest
from hypothesis import given
from hypothesis import strategies as st

from netapp.kernel.ical import lines
from tests.kernel.ical.samples import make_feed, make_item, unfolded

NASTY = {
    "commas": "Song, dance, and, drum",
    "semicolons": "One; two; three;",
    "backslashes": "C:\\New\\notes \\n \\, \\\\",
    "line breaks": "One\r\nTwo\nThree\rFour",
    "quotes": "\"Double\" and 'single' and “curly”",
    "emoji": "Drums 🥁👩‍👩‍👧‍👦 and 🎻",
    "right to left": "موسيقى and שיר",
    "long": "long " * 59 + "title",
    "wide": "🎵" * 300,
    "controls": "a\x00b\x07c\x1bd\x7fe\x85f\x9fg\u2028h",
    "blanks": "   leading and trailing \t ",
    "reordering": "a\u202eb\u2066c",
    "property": "x\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "html": "<b>&amp;</b>",
    "surrogate": "a\ud800b",
}


@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_bytes_of_a_nasty_text(text):
    body = make_feed(make_item(title=text, description=text, location=text)).body

    check_bytes(body)
    assert unfolded(body).count("BEGIN:VEVENT") == 1


def check_bytes(body: bytes) -> None:
    """What every document keeps: UTF-8, CRLF only, 75 octets, no control character."""
    physical = body.split(b"\r\n")
    assert physical.pop() == b""
    assert all(0 < len(line) <= 75 for line in physical)
    assert all(line.decode().isprintable() or _only_spaces(line.decode()) for line in physical)
    assert not body.startswith(b"\xef\xbb\xbf")
    assert not set(body.replace(b"\r\n", b"")) & {*range(32), 127}
    assert not any(0x80 <= ord(c) < 0xA0 for c in body.decode())


def _only_spaces(line: str) -> bool:
    """Unprintable, but no control character: joiners, odd blanks, private use."""
    return all(c.isprintable() or ord(c) >= 0xA0 for c in line)


@given(st.text())
def test_folded_lines_unfold_to_the_same(text):
    line = "X:" + lines.one_line(text)

    folded = lines.folded(line)

    assert folded.decode().replace("\r\n ", "") == line + "\r\n"
    assert all(len(part) <= 75 for part in folded.split(b"\r\n"))
    for part in folded.split(b"\r\n"):
        part.decode()  # No character is cut in two.


@given(st.text(), st.text(), st.text())
def test_any_text_gives_a_sound_document(title, description, location):
    body = make_feed(make_item(title=title, description=description, location=location)).body

    check_bytes(body)


@pytest.mark.parametrize("octets", [74, 75, 76, 149, 150, 151])
def test_the_75th_octet(octets):
    folded = lines.folded("x" * octets)

    assert [len(part) for part in folded.split(b"\r\n ")] == (
        [octets + 2]
        if octets <= 75
        else [75, octets - 75 + 2]
        if octets <= 149
        else [75, 74, octets - 149 + 2]
    )
