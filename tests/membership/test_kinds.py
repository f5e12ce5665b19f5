"""Coordinators change a kind of membership, and read first what that does to whom."""

from datetime import date

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.membership.invoice_models import InvoiceDetails
from netapp.membership.models import AskedField, Holder, Membership, MembershipKind
from netapp.membership.operations.kinds import load_kinds
from netapp.membership.queries.belonging import Right, has_right
from netapp.membership.queries.kinds import all_kinds, asked_fields, find_kind
from tests.factories import NOW, make_coordinator, make_membership, make_person

KINDS = "/desk/membership/kinds"


@pytest.fixture
def desk(session, as_person, kinds):
    return as_person(make_coordinator(session, name="Jo Field"))


def kind(session, slug="associate") -> MembershipKind:
    session.expire_all()
    found = find_kind(session, slug)
    assert found is not None
    return found


def test_the_list(session, desk):
    make_membership(session, person_id=make_person(session).id, kind="associate")
    desk.open(KINDS)
    for words in ("Core member", "Young member", "Membership runs to 31 August each year."):
        assert words in desk.text


def test_words_are_saved_at_once(session, desk):
    desk.open(f"{KINDS}/associate")
    desk.send("/associate", name="Friend", welcome_words="Come to our open day.")
    assert "Friend is saved." in desk.text
    kept = kind(session)
    assert (kept.name, kept.welcome_words, kept.version) == ("Friend", "Come to our open day.", 2)
    assert session.scalars(select(AuditLine.summary)).all() == [
        "Changed the kind of membership Friend: name and welcome words."
    ]


def test_nothing_changes_when_nothing_was_changed(session, desk):
    for slug in ("core-member", "wider-community", "organisation", "young-member", "associate"):
        before = kind(session, slug)
        asked, days = asked_fields(before), [one.days for one in before.reminders]
        desk.open(f"{KINDS}/{slug}")
        desk.send(f"/{slug}", decline_words=before.decline_words or "Sorry.")
        after = kind(session, slug)
        assert asked_fields(after) == asked
        assert [one.days for one in after.reminders] == days
        assert after.seats == before.seats


def test_effects_are_said_before_saving(session, desk):
    running = make_membership(
        session,
        person_id=make_person(session).id,
        kind="associate",
        starts_on=date(2026, 2, 1),
        ends_on=date(2027, 1, 31),
    )
    by_hand = make_membership(
        session,
        person_id=make_person(session).id,
        kind="associate",
        starts_on=date(2026, 2, 1),
        ends_on=date(2027, 1, 31),
        rights_until=date(2027, 1, 31),
        ended_early=True,
    )
    desk.open(f"{KINDS}/associate")
    desk.send("/associate", grace_days=60, months=6)
    assert "become 60 days for 1 membership that run" in desk.text
    assert "applies to new terms" in desk.text
    assert kind(session).grace_days == 28
    desk.send("/associate")
    assert kind(session).grace_days == 60
    until = {one.id: one.rights_until for one in session.scalars(select(Membership)).all()}
    assert until == {running.id: date(2027, 4, 1), by_hand.id: date(2027, 1, 31)}


def test_rights_change_at_once(session, desk):
    person = make_person(session)
    make_membership(session, person_id=person.id, kind="associate")
    desk.open(f"{KINDS}/associate")
    desk.send("/associate", votes="y")
    assert "What it allows changes at once for the 1 membership" in desk.text
    assert not has_right(session, person.id, Right.VOTES, at=NOW)
    desk.send("/associate")
    assert has_right(session, person.id, Right.VOTES, at=NOW)


def test_what_it_asks_and_when_it_reminds(session, desk):
    desk.open(f"{KINDS}/associate")
    desk.send(
        "/associate",
        asks=["role", "reason"],
        must=["reason"],
        before="30 7",
        after="",
        on_the_day=None,
    )
    kept = kind(session)
    assert asked_fields(kept) == [(AskedField.ROLE, False), (AskedField.REASON, True)]
    assert [one.days for one in kept.reminders] == [-30, -7]


def test_a_fee_needs_to_know_who_sends_invoices(session, desk):
    desk.open(f"{KINDS}/associate")
    desk.send("/associate", fee="25.50")
    page = desk.send("/associate")
    assert (page.status_code, "A fee needs invoices." in page.text) == (422, True)
    assert '<a href="/desk/membership/invoices/details" target="_blank"' in page.text
    session.add(InvoiceDetails(id=1, sender="Us", payment="Bank"))
    session.commit()
    desk.send("/associate")  # As it was filled in before.
    desk.send("/associate")
    assert kind(session).fee_pence == 2550


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"fee": "a lot"}, "Enter an amount in pounds"),
        ({"fee": "2.5"}, "Enter an amount in pounds"),
        ({"before": "soon"}, "Enter numbers of days"),
        ({"before": "93"}, "each from 1 to 92"),
        ({"after": "29"}, "Remind within the days of grace"),
        ({"must": ["age-band"]}, "must be asked, too"),
        ({"decline_words": ""}, "Write a few kind words"),
        ({"year_day": "32"}, "Enter a number from 1 to 31."),
        ({"name": " "}, "Enter a name."),
    ],
)
def test_wrong_fields(desk, fields, words):
    desk.open(f"{KINDS}/associate")
    page = desk.send("/associate", fields)
    assert (page.status_code, words in page.text) == (422, True)


def test_two_coordinators(session, desk, as_person):
    other = as_person(make_coordinator(session, name="Kim"))
    for own in (desk, other):
        own.open(f"{KINDS}/associate")
    desk.send("/associate", name="Friend")
    page = other.send("/associate", name="Ally")
    assert page.status_code == 409
    assert "Ally" in page.text
    assert "Friend" in page.text
    other.send("/associate")
    assert kind(session).name == "Ally"


def test_closed_to_new_ones(session, desk, visitor):
    desk.open(f"{KINDS}/associate")
    desk.send("/associate", is_open=None)
    assert "Nobody can ask for it any more." in desk.text
    desk.send("/associate")
    visitor.open("/join")
    assert "Associate" not in visitor.text


# Adding and removing.


def test_a_kind_is_added_like_another_one_and_can_be_joined(session, desk, visitor):
    desk.open(f"{KINDS}/new?like=associate")
    desk.send("/new", name="Friend", summary="You lend a hand.", votes="y", term="endless")
    assert "Friend is added. People can ask for it now." in desk.text
    added, like = kind(session, "friend"), kind(session)
    assert asked_fields(added) == asked_fields(like)
    assert (added.votes, added.term.value, added.reminders) == (True, "endless", [])
    assert added.position == max(each.position for each in all_kinds(session))
    lines = session.execute(select(AuditLine.action, AuditLine.summary)).all()
    assert lines == [("kind.add", "Added the kind of membership Friend.")]
    visitor.open("/join/friend")
    assert "You lend a hand." in visitor.text


def test_who_holds_a_new_kind(session, desk):
    usual = {"summary": "You sing.", "before": "", "after": "", "on_the_day": None}
    for name, held_by, seats in (("New", "young", ""), ("Choir", "organisations", "9")):
        desk.open(f"{KINDS}/new")
        desk.send("/new", {**usual, "name": name, "held_by": held_by, "seats": seats})
    young, choir = kind(session, "new-2"), kind(session, "choir")  # “new” is this page.
    assert (young.is_young, young.holder, young.seats) == (True, Holder.PERSON, None)
    assert AskedField.AGE_BAND in {field for field, _ in asked_fields(young)}
    assert (choir.is_young, choir.holder, choir.seats) == (False, Holder.ORGANISATION, 9)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": "associate"}, "There is a kind with this name already."),
        ({"held_by": "organisations"}, "Enter a number of seats, for an organisation."),
        ({"fee": "12"}, "A fee needs invoices."),
        ({"summary": ""}, "Say in a sentence who it is."),
    ],
)
def test_what_is_wrong_with_a_new_kind(session, desk, fields, words):
    desk.open(f"{KINDS}/new")
    page = desk.send("/new", {"name": "Friend", "summary": "You lend a hand.", **fields})
    assert (page.status_code, words in page.text) == (422, True)
    assert find_kind(session, "friend") is None


def test_only_what_nobody_ever_had_can_be_removed(session, desk):
    desk.open(f"{KINDS}/associate")
    form = desk.form("/associate/remove")
    make_membership(session, person_id=make_person(session).id, kind="associate")
    desk.client.post(form.action, data=dict(form.fields))
    assert find_kind(session, "associate") is not None
    desk.open(f"{KINDS}/associate")
    assert "1 membership is of this kind, now or earlier, so it cannot be removed." in desk.text
    desk.open(f"{KINDS}/wider-community")
    desk.send("/wider-community/remove")
    assert "Wider community is removed." in desk.text
    session.expire_all()
    assert find_kind(session, "wider-community") is None
    assert load_kinds(session) == 0  # It does not come back with the next start.
