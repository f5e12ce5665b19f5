"""People of a party named later, places handed on and handed back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netapp.events.errors import (
    AlreadyBooked,
    BookingChanged,
    BookingEnded,
    ChangesClosed,
    NameMissing,
)
from netapp.events.links import own_place_url
from netapp.events.models import AccessNeed, Attendee, BookedAs, Mode, Place
from netapp.events.operations import booking as operations
from netapp.events.operations.addresses import follow_person, hold_bookings
from netapp.events.operations.booking import Party
from netapp.events.operations.booking_links import send_links
from netapp.events.operations.changing import cancel_booking, change_dates
from netapp.events.operations.due import pools_that_differ, remind_one_session
from netapp.events.operations.naming import Naming, give_up_place, hand_back, name_attendees
from netapp.events.operations.preferences import tell_needs
from netapp.events.operations.waiting import take_offer
from netapp.events.plans import NOTHING_TOLD, Telling
from netapp.kernel.errors import NotFound
from netapp.kernel.revisions import revision_of
from netapp.kernel.site import site_of
from netapp.mail.models import OutboxMessage
from netapp.people.models import Person
from tests.events.scenes import book, forget_mails, mails, states, taken, wish
from tests.events.test_letters import calendar_parts
from tests.factories import NOW, make_event, make_guest, make_person
from tests.mail.samples import bytes_of, parsed, part

STARTS = NOW + timedelta(days=30, hours=2)  # Wednesday 10 February 2027, 2pm.


def book_party(session, event, *numbers, places=3, person=None, **more):
    booking = operations.book(
        session,
        event_id=event.id,
        person=person or make_person(session, name="Jo Field"),
        wish=wish(event, *(numbers or (0,)), name="Jo Field", party=Party(places, **more)),
        now=NOW,
    )
    session.commit()
    forget_mails(session)
    return booking


def people(session, booking):
    """(name, address or None) of everybody on it."""
    rows = session.execute(
        select(Attendee.name, Person.email)
        .outerjoin(Person, Person.id == Attendee.person_id)
        .where(Attendee.booking_id == booking.id)
        .order_by(Attendee.id)
    )
    return [tuple(row) for row in rows]


def keys(session, booking):
    found = select(Attendee.key).where(Attendee.booking_id == booking.id).order_by(Attendee.id)
    return list(session.scalars(found))


def name(session, booking, *names, now=NOW, **more):
    """Name by number: (1, "Sam", "sam@example.org")."""
    theirs = keys(session, booking)
    wanted = [Naming(theirs[number], *rest) for number, *rest in names]
    changed = name_attendees(session, booking_id=booking.id, names=wanted, now=now, **more)
    session.commit()
    return changed


def letters(session):
    """(message, address) in order."""
    rows = session.execute(
        select(OutboxMessage.message, OutboxMessage.to_email).order_by(OutboxMessage.id)
    )
    return [(message.removeprefix("events/"), email) for message, email in rows]


def text_of(session, number=-1):
    rows = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all()
    return part(parsed(bytes_of(session, rows[number])), "plain")


def test_who_is_named_with_an_address_gets_a_mail_and_an_invitation(session):
    event = make_event(session)
    booking = book_party(session, event, organisation="Example School")
    assert name(session, booking, (1, "Sam Okoro", "sam@example.org"), (2, "Kim")) == 2
    assert people(session, booking)[1:] == [("Sam Okoro", "sam@example.org"), ("Kim", None)]
    assert letters(session) == [("place_given", "sam@example.org")]
    uid = f"session-{event.sessions[0].key}@network.example"
    assert calendar_parts(session) == [("REQUEST", uid, 0, "mailto:sam@example.org")]
    text = " ".join(text_of(session).split())
    assert "Jo Field, Example School, has booked a place for you at" in text
    assert f"/bookings/{booking.reference}/places/{keys(session, booking)[1]}?key=" in text
    assert f"/bookings/{booking.reference}?key=" not in text


def test_the_same_again_changes_nothing(session):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam", "sam@example.org"))
    forget_mails(session)
    assert name(session, booking, (1, "Sam", "sam@example.org"), (2, "")) == 0
    assert name(session, booking, (1, "Sam")) == 0
    assert mails(session) == []


def test_a_name_can_be_put_right_without_a_mail(session):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sma", "sam@example.org"), (2, "Kmi"))
    forget_mails(session)
    assert name(session, booking, (1, "Sam", "sam@example.org"), (2, "Kim")) == 2
    assert people(session, booking)[1:] == [("Sam", "sam@example.org"), ("Kim", None)]
    assert mails(session) == []


def test_a_name_that_was_only_wrong_takes_the_place_from_nobody(session):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sma Okoro", "sam@example.org"), (2, "Kmi"))
    forget_mails(session)
    _, sam, kim = keys(session, booking)
    put_right = [Naming(sam, "Sam Okoro", same=True), Naming(kim, "Kim", same=True)]
    name_attendees(session, booking_id=booking.id, names=put_right, now=NOW)
    session.commit()
    assert people(session, booking)[1:] == [("Sam Okoro", "sam@example.org"), ("Kim", None)]
    assert mails(session) == []
    name_attendees(session, booking_id=booking.id, names=[Naming(sam, "", same=True)], now=NOW)
    session.commit()
    assert people(session, booking)[1] == ("", None)  # Nobody is no person.
    assert letters(session) == [("place_ended", "sam@example.org")]


def test_another_name_for_a_place_tells_both(session):
    event = make_event(session)
    booking = book_party(session, event)
    name(session, booking, (1, "Sam", "sam@example.org"))
    forget_mails(session)
    name(session, booking, (1, "Kim", "kim@example.org"))
    assert letters(session) == [
        ("place_ended", "sam@example.org"),
        ("place_given", "kim@example.org"),
    ]
    assert [(method, who) for method, _, _, who in calendar_parts(session)] == [
        ("CANCEL", "mailto:sam@example.org"),
        ("REQUEST", "mailto:kim@example.org"),
    ]


def test_a_place_can_be_handed_to_a_colleague(session):
    event, person = make_event(session), make_person(session)
    booking = book(session, event, 0, person=person)
    forget_mails(session)
    name(session, booking, (0, "Kim", "kim@example.org"))
    assert letters(session) == [("place_ended", person.email), ("place_given", "kim@example.org")]
    session.refresh(booking)
    assert (booking.person_id, booking.live, taken(session, event)) == (person.id, True, [1])
    forget_mails(session)
    cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    assert letters(session) == [
        ("booking_cancelled", person.email),
        ("booking_cancelled", "kim@example.org"),
    ]


def test_who_handed_their_place_on_may_take_it_again(session):
    person = make_person(session)
    booking = book(session, make_event(session), 0, person=person)
    name(session, booking, (0, "Kim", "kim@example.org"))
    forget_mails(session)
    name(session, booking, (0, person.name, person.email))
    assert people(session, booking) == [(person.name, person.email)]
    assert letters(session) == [("place_ended", "kim@example.org"), ("place_given", person.email)]
    assert f"/bookings/{booking.reference}?key=" in text_of(session)


def test_who_waits_is_told_once_there_is_a_place(session):
    event = make_event(session, capacity=3)
    first = book_party(session, event)
    booking = book_party(session, event, places=2)
    name(session, booking, (1, "Sam", "sam@example.org"))
    assert mails(session) == []
    cancel_booking(session, booking_id=first.id, now=NOW)
    forget_mails(session)
    take_offer(session, booking_id=booking.id, now=NOW)
    session.commit()
    told = dict(letters(session))
    assert told["place_given"] == "sam@example.org"


def test_who_has_a_place_of_their_own_keeps_it_and_only_they_are_told(session):
    event, sam = make_event(session, sessions=2), make_person(session, name="Sam")
    book(session, event, 0, person=sam)
    booking = book_party(session, event, 0, 1)
    assert name(session, booking, (1, "Sam", sam.email)) == 1
    assert people(session, booking)[1] == ("Sam", sam.email)
    assert letters(session) == [("place_given", sam.email)]
    text = " ".join(text_of(session).split())
    assert "You have a place of your own on Wednesday 10 February 2027 already" in text
    assert len(calendar_parts(session)) == 1
    held = select(Place.session_id).where(Place.booking_id == booking.id, Place.person_id == sam.id)
    assert list(session.scalars(held)) == [event.sessions[1].id]


def test_the_same_address_twice_has_one_place(session):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam", "sam@example.org"), (2, "Sam", "SAM@example.org"))
    held = select(Place.person_id).where(Place.booking_id == booking.id).order_by(Place.id)
    assert [person_id is not None for person_id in session.scalars(held)] == [True, True, False]


def test_who_was_named_is_told_of_it_when_they_book_the_same(session):
    event, sam = make_event(session), make_person(session)
    booking = book_party(session, event)
    name(session, booking, (1, "Sam", sam.email))
    with pytest.raises(AlreadyBooked) as refused:
        book(session, event, 0, person=sam)
    assert refused.value.reference == booking.reference


def test_a_named_guest_who_books_gets_the_same_answer_and_a_mail_with_their_own_page(session):
    event, sam = make_event(session), make_guest(session)
    booking = book_party(session, event)
    name(session, booking, (1, "Sam", sam.email))
    forget_mails(session)
    answer = operations.book_as_guest(
        session, event_id=event.id, email=sam.email, wish=wish(event, 0), now=NOW
    )
    session.commit()
    assert answer.confirmed == (event.sessions[0].key,)
    assert letters(session) == [("already_booked", sam.email)]
    assert f"/places/{keys(session, booking)[1]}?key=" in text_of(session)
    assert taken(session, event) == [3]


@pytest.mark.parametrize(
    ("names", "refusal"),
    [
        ((1, "", "sam@example.org"), NameMissing),
        ((1, "Sam", "", "Another name"), BookingChanged),
    ],
)
def test_what_is_refused(session, names, refusal):
    booking = book_party(session, make_event(session))
    with pytest.raises(refusal):
        name(session, booking, names)


def test_nobody_is_named_on_another_booking(session):
    event = make_event(session)
    booking, other = book_party(session, event), book_party(session, event)
    key = keys(session, other)[1]
    with pytest.raises(NotFound):
        name_attendees(session, booking_id=booking.id, names=[Naming(key, "Sam")], now=NOW)


def test_people_are_named_until_it_begins(session):
    booking = book_party(session, make_event(session))
    assert name(session, booking, (1, "Sam"), now=STARTS - timedelta(minutes=1)) == 1
    with pytest.raises(ChangesClosed):
        name(session, booking, (1, "Kim"), now=STARTS)


def test_an_ended_booking_names_nobody(session):
    booking = book_party(session, make_event(session))
    cancel_booking(session, booking_id=booking.id, now=NOW)
    with pytest.raises(BookingEnded):
        name(session, booking, (1, "Sam"))


def test_whose_place_is_anothers_now_tells_nothing_with_it_any_more(session):
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam", "sam@example.org"))
    sam = session.scalars(select(Person).where(Person.email == "sam@example.org")).one()
    told = {"booking_id": booking.id, "person_id": sam.id, "now": NOW}
    tell_needs(session, telling=Telling(needs="A seat in front"), **told)
    name(session, booking, (1, "Kim", "kim@example.org"))
    with pytest.raises(BookingChanged):
        tell_needs(session, telling=Telling(needs="A seat in front"), **told)
    tell_needs(session, telling=NOTHING_TOLD, **told)
    session.commit()
    assert session.scalars(select(AccessNeed.id)).all() == []


def test_what_has_begun_stays_with_who_had_it(session):
    event = make_event(session, sessions=2, booked_as=BookedAs.WHOLE)
    booking = operations.book(
        session,
        event_id=event.id,
        person=make_person(session),
        wish=wish(event, party=Party(2, names=("Sam",))),
        now=NOW,
    )
    session.commit()
    name(session, booking, (1, "Kim"), now=STARTS + timedelta(hours=5))
    session.expire_all()
    rows = session.execute(
        select(Place.session_id, Attendee.name)
        .join(Attendee, Attendee.id == Place.attendee_id)
        .where(Place.booking_id == booking.id, Attendee.name.in_(["Sam", "Kim"]))
        .order_by(Place.session_id)
    ).all()
    assert [tuple(row) for row in rows] == [
        (event.sessions[0].id, "Sam"),
        (event.sessions[1].id, "Kim"),
    ]


def test_who_cannot_come_hands_the_place_back_to_the_booker(session):
    event = make_event(session, mode=Mode.ONLINE)
    booking = book_party(session, event)
    booker = session.get_one(Person, booking.person_id)
    name(session, booking, (1, "Sam Okoro", "sam@example.org"))
    forget_mails(session)
    hand_back(session, booking_id=booking.id, attendee_key=keys(session, booking)[1], now=NOW)
    session.commit()
    assert people(session, booking)[1] == ("", None)
    assert letters(session) == [
        ("place_ended", "sam@example.org"),
        ("place_handed_back", booker.email),
    ]
    assert "Sam Okoro cannot come" in text_of(session)
    assert taken(session, event) == [3]
    with pytest.raises(NotFound):  # Nobody has it now.
        hand_back(session, booking_id=booking.id, attendee_key=keys(session, booking)[1], now=NOW)


def test_the_booker_gives_one_place_back(session):
    event = make_event(session, capacity=3)
    booking = book_party(session, event)
    name(session, booking, (1, "Sam", "sam@example.org"))
    waiting = book(session, event, 0)
    forget_mails(session)
    give_up_place(session, booking_id=booking.id, attendee_key=keys(session, booking)[1], now=NOW)
    session.commit()
    assert states(session, booking) == ["confirmed", "cancelled", "confirmed"]
    assert states(session, waiting) == ["offered"]
    assert [message for message, _ in letters(session)] == [
        "booking_cancelled", "booking_cancelled", "offer",
    ]  # fmt: skip
    assert pools_that_differ(session) == []
    assert "You have given back a place" in text_of(session, 0)
    assert "Jo Field has given back your place" in text_of(session, 1)


def test_a_party_of_which_every_place_is_given_back_is_over(session):
    booking = book_party(session, make_event(session), places=2)
    for key in keys(session, booking):
        give_up_place(session, booking_id=booking.id, attendee_key=key, now=NOW)
    session.commit()
    session.refresh(booking)
    assert booking.live is False


def test_a_party_adds_a_date_for_those_who_still_come(session):
    event = make_event(session, sessions=2)
    booking = book_party(session, event, 0)
    give_up_place(session, booking_id=booking.id, attendee_key=keys(session, booking)[2], now=NOW)
    change_dates(
        session,
        booking_id=booking.id,
        session_keys=[date.key for date in event.sessions],
        seen_version=None,
        now=NOW,
    )
    session.commit()
    assert taken(session, event) == [2, 2]


def test_a_party_drops_a_date_with_all_its_places(session):
    event = make_event(session, sessions=2)
    booking = book_party(session, event, 0)
    change_dates(
        session,
        booking_id=booking.id,
        session_keys=[event.sessions[1].key],
        seen_version=None,
        now=NOW,
    )
    session.commit()
    assert taken(session, event) == [0, 3]
    assert pools_that_differ(session) == []


def test_each_named_person_is_reminded_and_the_booker_of_the_rest(session):
    event = make_event(session)
    booking = book_party(session, event)
    booker = session.get_one(Person, booking.person_id)
    name(session, booking, (1, "Sam", "sam@example.org"), (2, "Kim"))
    forget_mails(session)
    now = STARTS - timedelta(hours=20)
    assert remind_one_session(session, now) == 3
    session.commit()
    assert letters(session) == [("reminder", booker.email), ("reminder", "sam@example.org")]


def test_the_calendar_of_who_was_named_knows_of_changes(session):
    sam = make_person(session)
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam", sam.email))
    before = revision_of(session, f"person:{sam.id}")
    cancel_booking(session, booking_id=booking.id, now=NOW)
    session.commit()
    assert revision_of(session, f"person:{sam.id}") != before


def test_the_links_are_mailed_again_to_who_was_named_too(session):
    event = make_event(session)
    booking = book_party(session, event)
    name(session, booking, (1, "Sam", "sam@example.org"))
    forget_mails(session)
    send_links(session, email="sam@example.org", now=NOW)
    session.commit()
    assert letters(session) == [("booking_links", "sam@example.org")]
    assert f"/places/{keys(session, booking)[1]}?key=" in text_of(session)
    assert f"/bookings/{booking.reference}?key=" not in text_of(session)


def test_with_a_new_address_the_link_to_a_place_is_another(session):
    sam = make_person(session)
    booking = book_party(session, make_event(session))
    name(session, booking, (1, "Sam", sam.email))
    before = keys(session, booking)
    forget_mails(session)
    held = hold_bookings(session, sam.key)
    sam.email = "new@example.org"
    session.flush()
    follow_person(session, held, NOW)
    session.commit()
    after = keys(session, booking)
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]
    assert letters(session) == [("new_address", "new@example.org")]
    assert f"/places/{after[1]}?key=" in text_of(session)


def test_when_the_booker_moves_the_people_they_named_keep_their_links(session):
    booker = make_person(session)
    booking = book_party(session, make_event(session), person=booker)
    name(session, booking, (1, "Sam", "sam@example.org"))
    before = text_of(session).split("/places/")[1].split()[0]
    follow_person(session, hold_bookings(session, booker.key), NOW)
    session.commit()
    session.expire_all()
    attendee = session.scalars(
        select(Attendee).where(Attendee.key == keys(session, booking)[1])
    ).one()
    assert own_place_url(site_of(session), booking, attendee).endswith(f"/places/{before}")
