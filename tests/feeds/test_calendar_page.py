from netapp.events.models import EventKind, EventTerm
from netapp.vocabulary.models import Term, TermKind
from tests.factories import make_event, make_person


def test_the_ways_to_subscribe(visitor, session):
    make_event(session, kind=EventKind.MEETING)

    text = visitor.open("/calendar").text

    feed = "127.0.0.1:8000/calendar/events.ics"
    assert '<link rel="alternate" type="text/calendar"' in text
    assert f'href="webcal://{feed}"' in text
    assert f"<code data-copy-text>http://{feed}</code>" in text
    google = "https://calendar.google.com/calendar/r?cid=webcal%3A%2F%2F127.0.0.1%3A8000"
    assert google in text
    for host in ("outlook.live.com", "outlook.office.com"):
        assert f"https://{host}/calendar/0/addfromweb?url=http%3A%2F%2F127.0.0.1" in text
    assert 'href="webcal://127.0.0.1:8000/calendar/meeting.ics"' in text
    assert "/calendar/launch.ics" not in text
    assert "/calendar/launch.ics" not in text


def test_terms_that_are_used_have_their_calendar(visitor, session):
    event = make_event(session)
    terms = [
        Term(slug="care", label="Children in care", kind=TermKind.CIRCUMSTANCE, position=1),
        Term(slug="rural", label="Rural isolation", kind=TermKind.CIRCUMSTANCE, position=2),
    ]
    session.add_all(terms)
    session.flush()
    session.add(EventTerm(event_id=event.id, term_id=terms[0].id))
    session.commit()

    text = visitor.open("/calendar").text

    assert "/calendar/terms/care.ics" in text
    assert "rural" not in text


def test_my_own_calendar_is_one_step_away(visitor, session, sign_in):
    assert 'href="/sign-in?next=/account/calendar"' in visitor.open("/calendar").text
    sign_in(make_person(session))
    assert 'href="/account/calendar"' in visitor.open("/calendar").text
