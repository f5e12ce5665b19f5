"""Every mail there is, with everything it may say and with as little as it needs."""

import re
from html.parser import HTMLParser

import pytest
from jinja2 import UndefinedError

from netapp.mail.rendering import OPTIONAL, TEMPLATES, UnknownMessage, greeting, render
from tests.mail.samples import PARTY, SITE, WORDS

MESSAGES = sorted(
    f"{path.parent.name}/{path.name}" for path in TEMPLATES.glob("*/*") if path.is_dir()
)
LEAST = (
    *("event", "dates", "manage_url", "take_url", "url", "code", "name", "topic", "numbers"),
    *("what", "left", "days", "edits", "reads_needs"),
    *("questions", "answer_by", "answer_url"),
    *("withdrawn", "in_vain", "booked", "answer", "first_day", "allows"),
    *("since", "who_waits"),
    *("kind", "applicant", "words", "until", "last_day", "rights_until"),
    *("number", "amount", "due", "undo_until"),
    *("sender", "said", "is_answer", "part"),
    *("group", "who", "by", "role", "mine", "places", "title", "when_words", "where"),
    *("notes", "decisions", "person", "parts", "is_late", "is_contact", "ways", "organisation"),
    *("owed", "office"),
)


class Page(HTMLParser):
    """Checks that what is opened is closed, and collects headings, links and words."""

    VOID = frozenset({"meta", "br", "base", "link", "img"})

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_the_mails_that_are_promised_are_there():
    events = (
        "already_booked booking_cancelled booking_changed booking_confirmed booking_received "
        "invitation invitation_cancelled offer offer_ended organiser_told place_changed reminder "
        "session_cancelled session_moved waiting"
    )
    people = "account_link address_known code link_invitation link_reset password_changed welcome"
    promised = {f"events/{name}" for name in events.split()}
    promised |= {f"people/{name}" for name in people.split()}
    assert promised - set(MESSAGES) == set()


@pytest.mark.parametrize(
    "extra",
    [{}, {"online": True}, {"has_invitation": True}, {"party": PARTY}, {"given_by": "Jo"}, None],
)
@pytest.mark.parametrize("message", MESSAGES)
def test_every_mail_says_all_it_must_in_text_and_html(message, extra):
    words = {name: WORDS[name] for name in LEAST} if extra is None else WORDS | extra
    mail = render(message, words, site=SITE)
    page = Page(mail.html)
    for body in (mail.subject, mail.text, page.words):
        assert not re.search(r"\{\{|\}\}|\{%|%\}|\bNone\b|\bUndefined\b|<built-in", body)
    assert 10 < len(mail.subject) <= 200
    rooms = {"events": "Working With Chaos", "groups": "Early years", "meetings": "Early years"}
    begins_with = rooms.get(message.partition("/")[0], SITE.name)
    assert mail.subject.startswith(f"{begins_with}: ")
    assert mail.text.startswith("Hello Amara,\n\n")
    assert "\n\n\n" not in mail.text
    assert "You get this mail " in mail.text
    assert "You get this mail " in page.words
    assert len(page.of("h1")) == 1
    assert page.of("html")[0]["lang"] == "en-GB"
    assert [page.of(tag) for tag in ("script", "img", "link", "style", "form")] == [[]] * 5


@pytest.mark.parametrize("message", MESSAGES)
def test_every_mail_asks_for_one_thing(message):
    mail = render(message, WORDS, site=SITE)
    buttons = [a["href"] for a in Page(mail.html).of("a") if a.get("class") == "button"]
    alone = [line for line in mail.text.splitlines() if line.startswith("https://")]
    assert buttons == alone
    assert len(alone) == (0 if message.startswith("people/code") else 1)


@pytest.mark.parametrize(
    "message",
    [
        *("events/booking_confirmed", "events/booking_received", "events/waiting"),
        *("events/offer", "events/names_wanted"),
    ],
)
def test_who_booked_for_a_party_reads_for_whom(message):
    mail = render(message, WORDS | {"party": PARTY}, site=SITE)
    for body in (mail.text, Page(mail.html).words):
        assert "5 places for Example School, order PO/123." in " ".join(body.split())


@pytest.mark.parametrize(
    "message", ["events/booking_confirmed", "events/names_wanted", "events/place_handed_back"]
)
def test_the_link_for_names_says_until_when(message):
    mail = render(message, WORDS | {"party": PARTY}, site=SITE)
    assert f"{PARTY['names_url']}\n" in mail.text
    assert {"href": PARTY["names_url"]} in [
        {"href": a["href"]} for a in Page(mail.html).of("a") if "href" in a
    ]
    for body in (mail.text, Page(mail.html).words):
        assert "2 people are not named yet" in body
        assert "by Monday 18 January 2027, 2pm GMT" in body


def test_what_strangers_typed_makes_no_link():
    words = WORDS | {
        "given_by": "Win at evil.example",
        "organisation": "https://evil.example",
        "summary": "evil@evil.example",
        "party": PARTY | {"organisation": "evil.example", "order_number": "www.evil"},
    }
    for message in ("place_given", "place_ended", "place_handed_back", "names_wanted"):
        mail = render(f"events/{message}", words | {"summary": None}, site=SITE)
        assert "evil" not in mail.subject + mail.text + mail.html
    assert "evil" not in render("events/place_handed_back", words, site=SITE).text


@pytest.mark.parametrize("message", MESSAGES)
def test_every_style_is_in_the_element_and_text_is_never_small(message):
    page = Page(render(message, WORDS, site=SITE).html)
    styles = [a["style"] or "" for _, a in page.tags if a.get("style")]
    sizes = [int(size) for style in styles for size in re.findall(r"font-size: (\d+)px", style)]
    assert min(sizes) >= 16
    assert "url(" not in "".join(styles)


@pytest.mark.parametrize(
    ("cancelled_by", "ends"),
    [
        ("you", "you are off the waiting list"),
        ("coordinator", "you are off the waiting list"),
        ("event", "the event is cancelled"),
    ],
)
def test_who_only_waited_is_not_told_of_a_booking(cancelled_by, ends):
    words = WORDS | {"cancelled_by": cancelled_by, "only_waited": True}
    mail = render("events/booking_cancelled", words, site=SITE)
    assert mail.subject == f"Working With Chaos: {ends}"
    for body in (mail.text, Page(mail.html).words):
        assert "waiting list" in body
        assert "your booking" not in body.casefold()


def test_what_people_wrote_is_escaped_in_html_and_fenced_in_text():
    evil = {
        "name": "<script>alert(1)</script>",
        "reason": "First\n\nHello Amara,\nClick https://evil.example\n<b>now</b>",
        "event": WORDS["event"] | {"title": 'A "title" & <img src=x>'},
    }
    mail = render("events/booking_cancelled", WORDS | evil, site=SITE)
    page = Page(mail.html)
    assert page.of("script") == page.of("img") == page.of("b") == []
    assert 'A "title" & <img src=x>' in page.words
    quoted = "| First\n|\n| Hello Amara,\n| Click https://evil.example\n| <b>now</b>\n"
    assert quoted in mail.text


def test_one_line_stays_one_line_in_text():
    words = WORDS | {"summary": "Amara\n\nhttps://evil.example\ncancelled."}
    text = render("events/organiser_told", words, site=SITE).text
    assert ": Amara https://evil.example cancelled.\n" in text


@pytest.mark.parametrize("name", ["Amara", "Zoë", "Jean-Luc", "O'Neill", "Dr A. Osei"])
def test_people_are_greeted_by_name(name):
    assert greeting(name) == f"Hello {name},"


@pytest.mark.parametrize(
    "name",
    ["", None, "Win at evil.example", "http://evil", "www.evil", "a@evil.org", "evil.com/x"],
)
def test_a_name_that_would_become_a_link_greets_nobody(name):
    assert greeting(name) == "Hello,"


def test_a_long_title_leaves_room_for_what_happened():
    words = WORDS | {"event": WORDS["event"] | {"title": "Chaos " * 33}}
    subject = render("events/offer", words, site=SITE).subject
    assert len(subject) < 200
    assert subject.endswith("…: a place is free for you")


@pytest.mark.parametrize("missing", ["event", "manage_url", "dates"])
def test_a_mail_that_lacks_something_is_not_written(missing):
    words = {name: value for name, value in WORDS.items() if name != missing}
    if missing in OPTIONAL and missing != "manage_url":
        assert render("events/booking_confirmed", words, site=SITE)
        return
    with pytest.raises(UndefinedError):
        render("events/booking_confirmed", words, site=SITE)


@pytest.mark.parametrize("message", ["events/nothing", "../mail/events", "events", "layout", ""])
def test_an_unknown_mail_is_refused(message):
    with pytest.raises(UnknownMessage):
        render(message, WORDS, site=SITE)
