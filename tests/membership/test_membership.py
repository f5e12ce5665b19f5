from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from netapp.audit.models import AuditLine
from netapp.audit.operations import Actor
from netapp.kernel.errors import NotFound
from netapp.membership.errors import AlreadyMember, EndsBeforeItStarts, HasEnded, KindOfOthers
from netapp.membership.models import Membership
from netapp.membership.operations import granting
from netapp.membership.operations.granting import HeldBy
from netapp.membership.operations.kinds import CORE, load_kinds
from netapp.membership.queries.belonging import is_current
from netapp.membership.queries.people_list import memberships_of, people_page
from tests.factories import NOW, make_coordinator, make_guest, make_member, make_person

TODAY = date(2027, 1, 11)
JO = Actor(None, "Jo Field")


def grant(session, person, starts_on=TODAY, ends_on=None, note="", kind=CORE):
    load_kinds(session)
    granting.grant(
        session,
        holder=HeldBy(person_id=person.id),
        kind=kind,
        starts_on=starts_on,
        ends_on=ends_on,
        note=note,
        actor=JO,
        now=NOW,
    )
    session.commit()


def end(session, person, starts_on=TODAY, now=NOW):
    held = select(Membership.key).where(
        Membership.person_id == person.id, Membership.starts_on == starts_on
    )
    granting.end(session, key=session.scalar(held) or "", actor=JO, now=now)
    session.commit()


def test_both_days_are_included(session):
    person = make_person(session)
    grant(session, person, TODAY, date(2027, 1, 12))
    seen = [is_current(session, person.id, at=NOW + timedelta(days=n)) for n in (-1, 0, 1, 2)]
    assert seen == [False, True, True, False]


def test_a_day_is_a_day_in_the_networks_zone(session):
    """In July London is an hour ahead of UTC."""
    person = make_person(session)
    grant(session, person, date(2027, 7, 1), date(2027, 7, 1))
    at = datetime(2027, 6, 30, 22, 59, tzinfo=UTC)
    seen = [is_current(session, person.id, at=at + timedelta(minutes=m)) for m in (0, 1, 1441)]
    assert seen == [False, True, False]


def test_without_an_end_until_it_is_ended(session):
    person = make_person(session)
    grant(session, person, date(2020, 1, 1))
    assert is_current(session, person.id, at=NOW + timedelta(days=10_000))
    end(session, person, date(2020, 1, 1))
    assert not is_current(session, person.id, at=NOW)
    assert [line.state for line in memberships_of(session, person.id, at=NOW)] == ["past"]


def test_one_that_began_today_is_gone_when_ended(session):
    person = make_person(session)
    grant(session, person, TODAY, date(2027, 12, 31))
    end(session, person)
    assert not is_current(session, person.id, at=NOW)
    assert session.scalars(select(Membership.id)).all() == []


def test_refusals(session):
    person = make_person(session)
    with pytest.raises(EndsBeforeItStarts):
        grant(session, person, TODAY, TODAY - timedelta(days=1))
    grant(session, person, date(2027, 1, 1), date(2027, 3, 31))
    for starts_on, ends_on in (
        (date(2027, 3, 31), None),
        (date(2026, 1, 1), date(2027, 1, 1)),
        (date(2027, 2, 1), date(2027, 2, 2)),
        (date(2020, 1, 1), None),
    ):
        with pytest.raises(AlreadyMember):
            grant(session, person, starts_on, ends_on)
    grant(session, person, date(2027, 4, 1), None)
    with pytest.raises(NotFound):
        end(session, person, date(2027, 1, 2))
    with pytest.raises(HasEnded):
        end(session, person, date(2027, 1, 1), now=NOW + timedelta(days=100))
    with pytest.raises(NotFound):
        granting.grant(
            session, holder=HeldBy(person_id=0), kind=CORE, starts_on=TODAY, ends_on=None,
            actor=JO, now=NOW,
        )  # fmt: skip
    with pytest.raises(NotFound):
        grant(session, make_person(session), kind="no-such-kind")
    with pytest.raises(KindOfOthers):
        grant(session, make_person(session), kind="organisation")


def test_terms_are_listed_the_newest_first(session):
    person = make_person(session)
    grant(session, person, date(2026, 1, 1), date(2026, 12, 31), "first year")
    grant(session, person, date(2027, 1, 1), date(2027, 12, 31))
    grant(session, person, date(2028, 1, 1), None)
    lines = memberships_of(session, person.id, at=NOW)
    assert [(line.starts_on.year, line.state) for line in lines] == [
        (2028, "coming"),
        (2027, "current"),
        (2026, "past"),
    ]


def test_each_act_leaves_a_line(session):
    person = make_person(session, name="Amina")
    grant(session, person, date(2026, 1, 1), date(2027, 12, 31), "paid by bank")
    end(session, person, date(2026, 1, 1))
    lines = session.execute(
        select(AuditLine.actor_name, AuditLine.action, AuditLine.summary, AuditLine.reason)
        .where(AuditLine.subject == f"person:{person.key}")
        .order_by(AuditLine.id)
    ).all()
    assert lines == [
        (
            "Jo Field",
            "membership.grant",
            "Made Amina a member (Core member) from 1 January 2026 until 31 December 2027.",
            "paid by bank",
        ),
        ("Jo Field", "membership.end", "Ended the membership of Amina.", ""),
    ]


def test_two_grants_at_once_are_one(session, new_session):
    person = make_person(session)
    load_kinds(session)
    session.commit()

    def one(_):
        with new_session() as own:
            try:
                grant(own, person)
            except AlreadyMember:
                return "refused"
            return "granted"

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(4))) == ["granted", "refused", "refused", "refused"]


# The list of people.


def found(session, words="", who="everyone", number=1):
    page = people_page(session, words=words, who=who, number=number, at=NOW)
    return [line.name for line in page.items]


@pytest.fixture
def everybody(session):
    make_member(
        session, name="Amina Okafor", email="amina@leeds.example", organisation="Leeds 100%"
    )
    make_guest(session, name="Ben_Adeyemi", email="ben@example.org")
    make_coordinator(session, name="Chloë Field", email="chloe@example.org", organisation="Leeds")
    make_person(session, name="Dan Shut", email="dan@example.org", disabled_at=NOW)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("", ["Amina Okafor", "Ben_Adeyemi", "Chloë Field", "Dan Shut"]),
        ("OKA", ["Amina Okafor"]),
        ("leeds", ["Amina Okafor", "Chloë Field"]),
        ("leeds chloe", ["Chloë Field"]),
        ("field leeds", ["Chloë Field"]),
        ("100%", ["Amina Okafor"]),
        ("n_a", ["Ben_Adeyemi"]),
        ("%", ["Amina Okafor"]),
        ("_", ["Ben_Adeyemi"]),
        ("\\", []),
        ("nobody", []),
    ],
)
def test_people_are_found_by_any_part_of_name_address_or_organisation(
    session, everybody, words, names
):
    assert found(session, words) == names


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("members", ["Amina Okafor"]),
        ("guests", ["Ben_Adeyemi"]),
        ("coordinators", ["Chloë Field"]),
        ("closed", ["Dan Shut"]),
    ],
)
def test_people_of_one_kind(session, everybody, who, names):
    assert found(session, who=who) == names


def test_marks(session, everybody):
    page = people_page(session, words="", who="everyone", number=1, at=NOW)
    marks = [(p.is_member, p.is_guest, p.is_coordinator, p.is_closed) for p in page.items]
    assert marks == [
        (True, False, False, False),
        (False, True, False, False),
        (False, False, True, False),
        (False, False, False, True),
    ]


def test_a_page_costs_two_queries_however_many_people(session, count_queries):
    make_member(session, name="A")
    with count_queries() as few:
        found(session)
    for n in range(30):
        make_member(session, name=f"P{n:02}")
    with count_queries() as many:
        assert len(found(session)) == 25
        assert len(found(session, number=2)) == 6
    assert len(few) == 2
    assert len(many) == 4
