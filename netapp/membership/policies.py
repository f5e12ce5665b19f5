"""How long a term of membership runs."""

import calendar
from datetime import date, timedelta
from typing import Final

from netapp.membership.models import MembershipKind, TermRule

COMMON_YEAR: Final = 2027  # No leap year.

RENEWED_FROM: Final = timedelta(days=92)
"""How long before its last day a term can be renewed, and the earliest that we remind."""


def last_day_of_term(kind: MembershipKind, first_day: date) -> date | None:
    """The last day, included, of a term that begins on ``first_day``; None: it has no end.

    A rolling term of 12 months from 29 February ends on 28 February. A yearly term ends on the
    day before the date of the year that comes next after its first day.
    """
    match kind.term:
        case TermRule.ENDLESS:
            return None
        case TermRule.ROLLING:
            return _months_later(first_day, kind.months) - timedelta(days=1)
        case TermRule.YEARLY:
            begins = _day_of_year(first_day.year, kind)
            if begins <= first_day:
                begins = _day_of_year(first_day.year + 1, kind)
            return begins - timedelta(days=1)


def chosen_last_day(
    kind: MembershipKind, first_day: date, *, typed: date | None, filled: str
) -> date | None:
    """Of a term that is given by hand. A last day that was left as the form had ``filled`` it (as
    2027-08-31, or empty) is the end of a term of the kind, from the first day, that were chosen."""
    if filled != (typed.isoformat() if typed else ""):
        return typed
    return last_day_of_term(kind, first_day)


def allowed_words(kind: MembershipKind) -> list[str]:
    """What it allows, each to follow "you can"."""
    rights = (
        (kind.books_as_member, "book as a member"),
        (kind.sees_directory, "see the directory of members"),
        (kind.joins_groups, "join groups"),
        (kind.votes, "vote"),
    )
    return [words for allowed, words in rights if allowed]


def rights_until(kind: MembershipKind, last_day: date | None) -> date | None:
    """The last day on which the rights of a term hold that ran out on ``last_day``."""
    return last_day and last_day + timedelta(days=kind.grace_days)


def next_term(
    kind: MembershipKind, *, last_day: date, rights_until: date, today: date
) -> tuple[date, date | None]:
    """First and last day of the term that follows one that ended, or ends, on ``last_day``.

    While its rights hold there is no gap: it begins on the day after. Later, or where such a term
    would be over already, it begins today.
    """
    first = last_day + timedelta(days=1)
    if today > rights_until:
        first = today
    last = last_day_of_term(kind, first)
    if last is not None and last < today:
        first, last = today, last_day_of_term(kind, today)
    return first, last


def can_be_renewed(last_day: date, today: date) -> bool:
    return today >= last_day - RENEWED_FROM


def year_end_words(kind: MembershipKind) -> str:
    """31 August: the last day of a yearly term, in whatever year it ends."""
    day = _day_of_year(COMMON_YEAR, kind) - timedelta(days=1)
    return f"{day.day} {day:%B}"


def _day_of_year(year: int, kind: MembershipKind) -> date:
    return date(year, kind.year_month, _day_within(year, kind.year_month, kind.year_day))


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, _day_within(year, month + 1, day.day))


def _day_within(year: int, month: int, day: int) -> int:
    return min(day, calendar.monthrange(year, month)[1])
