"""The arithmetic of terms, whatever day it is."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from netapp.membership.models import Membership, MembershipKind, TermRule
from netapp.membership.policies import (
    RENEWED_FROM,
    can_be_renewed,
    last_day_of_term,
    next_term,
    rights_until,
    year_end_words,
)
from netapp.membership.queries.mine import total_days

DAY = timedelta(days=1)
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
days = st.dates(date(2000, 1, 1), date(2090, 12, 31))


def kind_of(term=TermRule.ROLLING, months=12, month=9, day=1, grace=28) -> MembershipKind:
    return MembershipKind(
        term=term, months=months, year_month=month, year_day=day, grace_days=grace
    )


kinds = st.builds(
    kind_of,
    term=st.sampled_from([TermRule.ROLLING, TermRule.YEARLY]),
    months=st.integers(1, 60),
    month=st.integers(1, 12),
    day=st.integers(1, 31),
    grace=st.integers(0, 366),
)


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        (kind_of(), date(2027, 1, 11), date(2028, 1, 10)),
        (kind_of(), date(2028, 2, 29), date(2029, 2, 27)),
        (kind_of(months=1), date(2027, 1, 31), date(2027, 2, 27)),
        (kind_of(TermRule.YEARLY), date(2027, 8, 31), date(2027, 8, 31)),
        (kind_of(TermRule.YEARLY), date(2027, 9, 1), date(2028, 8, 31)),
        (kind_of(TermRule.YEARLY, month=2, day=29), date(2027, 3, 1), date(2028, 2, 28)),
        (kind_of(TermRule.ENDLESS), date(2027, 3, 1), None),
    ],
)
def test_the_last_day(kind, first, last):
    assert last_day_of_term(kind, first) == last


@UNHURRIED
@given(kinds, days)
def test_a_term_has_at_least_a_day_and_no_more_than_it_says(kind, first):
    last = last_day_of_term(kind, first)
    assert last is not None
    longest = 366 if kind.term is TermRule.YEARLY else 31 * kind.months
    assert 1 <= (last - first).days + 1 <= longest


@UNHURRIED
@given(kinds, days)
def test_a_yearly_term_ends_on_the_same_day_whenever_it_began(kind, first):
    last = last_day_of_term(kind, first)
    assert last is not None
    if kind.term is TermRule.YEARLY:
        assert last_day_of_term(kind, last) == last
        assert last_day_of_term(kind, first + (last - first) / 2) == last


@UNHURRIED
@given(kinds, days, st.integers(0, 2000))
@example(kind_of(months=1, grace=366), date(2027, 1, 1), 200)
def test_the_next_term(kind, first, later):
    """It never overlaps the one before, leaves no gap while rights hold, and runs today."""
    last = last_day_of_term(kind, first)
    assert last is not None
    until = rights_until(kind, last)
    assert until is not None
    today = last - RENEWED_FROM + later * DAY
    begins, ends = next_term(kind, last_day=last, rights_until=until, today=today)
    assert ends is not None
    assert begins > last
    assert ends >= max(begins, today)
    if begins != last + DAY:
        assert begins == today


@UNHURRIED
@given(kinds, days)
def test_renewed_again_and_again_there_is_no_gap(kind, first):
    total, begins = 0, first
    for _ in range(5):
        last = last_day_of_term(kind, begins)
        until = rights_until(kind, last)
        assert last is not None
        assert until is not None
        total += (last - begins).days + 1
        begins, _ends = next_term(kind, last_day=last, rights_until=until, today=last)
    assert begins - first == timedelta(days=total)


def test_from_three_months_before():
    last = date(2027, 8, 31)
    assert [can_be_renewed(last, last - RENEWED_FROM + n * DAY) for n in (-1, 0)] == [False, True]


def test_how_long_in_all():
    """Gaps do not count; the first day is kept however long they were."""
    terms = [
        Membership(starts_on=date(2020, 1, 1), ends_on=date(2020, 12, 31)),
        Membership(starts_on=date(2026, 1, 1), ends_on=None),
        Membership(starts_on=date(2028, 1, 1), ends_on=None),
    ]
    assert total_days(terms, date(2026, 1, 10)) == 366 + 10


def test_the_day_in_words():
    assert year_end_words(kind_of(TermRule.YEARLY)) == "31 August"
    assert year_end_words(kind_of(TermRule.YEARLY, month=1, day=1)) == "31 December"
