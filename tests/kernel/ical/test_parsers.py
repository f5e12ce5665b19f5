"""Five parsers read the same in what we write."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from netapp.kernel.ical.documents import item_bytes
from netapp.kernel.ical.invitations import invitation_bytes
from netapp.kernel.text import clean
from tests.kernel.ical import readers
from tests.kernel.ical.readers import READERS, Seen
from tests.kernel.ical.samples import PRODUCT, make_feed, make_item
from tests.kernel.ical.test_invitations import STAMPED, invite
from tests.kernel.ical.test_lines import NASTY

each_reader = pytest.mark.parametrize("reader", READERS, ids=lambda r: r.__name__)


def expected(item, **overrides):
    """What a reader of a feed should see of an item."""
    values = {
        "uid": item.uid,
        "summary": clean(item.title, max_length=sys.maxsize) or "Untitled",
        "description": "\n\n".join(
            x
            for x in (
                clean(item.description.replace("\t", " "), max_length=sys.maxsize, multiline=True),
                item.url,
            )
            if x
        ),
        "location": clean(item.location, max_length=sys.maxsize) or "Place not recorded",
        "starts_at": item.starts_at,
        "ends_at": item.ends_at,
        "status": "CONFIRMED",
        "sequence": item.sequence,
    }
    return Seen(**(values | overrides))


@each_reader
@pytest.mark.parametrize("text", NASTY.values(), ids=NASTY.keys())
def test_nasty_texts_come_back(reader, text):
    item = make_item(title=text, description=text, location=text, categories=(text,))

    assert reader(make_feed(item).body) == [expected(item)]


@each_reader
def test_statuses_come_back(reader):
    items = [
        make_item(uid="a"),
        make_item(uid="b", cancelled=True, sequence=9),
        make_item(uid="c", tentative=True),
    ]

    assert reader(make_feed(*items).body) == [
        expected(items[0]),
        expected(items[1], status="CANCELLED", summary="Cancelled: Making music with young people"),
        expected(items[2], status="TENTATIVE"),
    ]


@each_reader
def test_an_entry_and_an_invitation_are_the_same_session(reader):
    item = make_item(join_url="https://network.example/j", geo=(53.8, -1.5))

    (entry,) = reader(item_bytes(item, product_name=PRODUCT))
    (asked,) = reader(invite(item, attendee_name='Ada "A" Ode; ^'))
    (ended,) = reader(invite(item, method="CANCEL", sequence=5))

    assert {seen.uid for seen in (entry, asked, ended)} == {item.uid}
    assert {seen.starts_at for seen in (entry, asked, ended)} == {item.starts_at}
    assert (asked.sequence, ended.sequence, ended.status) == (4, 5, "CANCELLED")


@each_reader
def test_an_empty_feed_can_be_read(reader):
    assert reader(make_feed().body) == []


text = st.text(max_size=200)


@given(title=text, description=text, location=text)
@pytest.mark.parametrize(
    "reader", [readers.icalendar, readers.vobject_reader], ids=["icalendar", "vobject"]
)
def test_any_text_comes_back_but_for_control_characters(reader, title, description, location):
    item = make_item(title=title, description=description, location=location)

    assert reader(make_feed(item).body) == [expected(item)]


# icalendar unescapes parameters, which have no such escapes (RFC 5545 section 3.2).
names = text.map(lambda name: name.replace("\\", "/"))


@given(name=names.filter(str.strip), address=st.emails())
def test_any_name_and_address_come_back(name, address):
    body = invitation_bytes(
        make_item(),
        method="REQUEST",
        organizer_name="Network",
        organizer_email="b@network.example",
        attendee_name=name,
        attendee_email=address,
        sequence=0,
        stamped_at=STAMPED,
        product_name=PRODUCT,
    )

    (event,) = Calendar.from_ical(body).walk("VEVENT")

    assert event["ATTENDEE"].params["CN"] == clean(name, max_length=sys.maxsize)
