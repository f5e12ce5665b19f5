"""What the cells of a row say of a check that somebody saw.

Nothing that a cell holds is repeated in what is wrong with it: coordinators who do not look after
checks read the list of faults, too.
"""

from collections.abc import Callable, Mapping
from typing import Final

from netapp.imports.fields import CHECKS, Field
from netapp.imports.names import fold
from netapp.imports.queries.days import read_day
from netapp.imports.queries.lists import CheckFacts
from netapp.imports.queries.said import Said
from netapp.kernel.words import join_words

NO_SEEN_ON: Final = "Write the day on which the check was seen."
NO_KIND: Final = "Say in a column of its own which check it is: {known}."
NO_DAY: Final = "This is no day that we can read. Write 31/1/2027."
DUE_BEFORE_SEEN: Final = "It is due again on a day before it was seen."
LONGEST_NAME: Final = 120


def say_check(
    said: Said,
    text: Mapping[Field, str],
    column: Callable[[Field], str],
    kinds: Mapping[int, CheckFacts],
) -> None:
    written = {each: text.get(each, "") for each in CHECKS}
    days = {}
    for each in (Field.CHECK_SEEN_ON, Field.CHECK_DUE_ON):
        days[each], wrong = read_day(written[each])
        if wrong:
            said.fault(column(each), NO_DAY)
            return
    seen_on, due_on = days[Field.CHECK_SEEN_ON], days[Field.CHECK_DUE_ON]
    if seen_on is None:
        if any(written.values()):
            said.fault(column(Field.CHECK_SEEN_ON), NO_SEEN_ON)
        return
    if due_on and due_on <= seen_on:
        said.fault(column(Field.CHECK_DUE_ON), DUE_BEFORE_SEEN)
        return
    named = written[Field.CHECK] or column(Field.CHECK_SEEN_ON)
    kind = kind_named(named, kinds)
    if kind is None:
        known = join_words([each.name for each in kinds.values()], "or")
        said.fault(column(Field.CHECK), NO_KIND.format(known=known))
        return
    said.says["check"] = {
        "kind": kind.id,
        "seen_on": seen_on.isoformat(),
        "seen_by": written[Field.CHECK_SEEN_BY][:LONGEST_NAME],
        "due_on": due_on and due_on.isoformat(),
    }


def kind_named(text: str, kinds: Mapping[int, CheckFacts]) -> CheckFacts | None:
    """By its name, or by words of a name that no other has, or by a text (such as a heading) that
    holds the name of one alone."""
    asked = f" {fold(text)} "
    named = {each.id: f" {fold(each.name)} " for each in kinds.values()}
    slugs = {each.id: f" {fold(each.slug)} " for each in kinds.values()}
    for fits in (
        [number for number in kinds if asked in (named[number], slugs[number])],
        [number for number in kinds if asked in named[number]],
        [number for number in kinds if named[number] in asked],
    ):
        if len(fits) == 1:
            return kinds[fits[0]]
    return None
