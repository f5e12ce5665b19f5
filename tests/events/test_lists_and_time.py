"""What is coming and what has been changes by the clock alone, though lists are kept in memory."""

from datetime import timedelta

from netapp.events.queries.listing import coming_events, past_events
from netapp.kernel.revisions import raise_revision
from tests.factories import NOW, make_event

START = NOW + timedelta(days=20)  # 31 January 2027; the second date is on 7 February.


def seen(session, now):
    listing = coming_events(session, asked={}, number=1, now=now)
    past = past_events(session, words="", number=1, now=now)
    months = [
        (option.words, option.count)
        for group in listing.groups
        if group.name == "month"
        for option in group.options
    ]
    return [card.title for card in listing.page.items], [c.title for c in past.items], months


def test_an_event_goes_from_what_is_coming_to_what_has_been(session):
    make_event(session, title="Course", sessions=2, starts_at=START, hours=1)
    make_event(session, title="Talk", starts_at=START + timedelta(days=60), hours=1)
    raise_revision(session, "events", NOW)
    three = [("January 2027", 1), ("February 2027", 1), ("April 2027", 1)]
    assert seen(session, NOW) == (["Course", "Talk"], [], three)
    between = START + timedelta(hours=1)
    assert seen(session, between) == (["Course", "Talk"], [], three[1:])
    assert seen(session, START + timedelta(days=7, hours=1)) == (["Talk"], ["Course"], [])
    assert seen(session, START + timedelta(days=60, hours=1)) == ([], ["Talk", "Course"], [])
    assert seen(session, NOW) == (["Course", "Talk"], [], three)
