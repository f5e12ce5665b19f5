"""Every deed there is, as often as it is to be chosen."""

from typing import Final

from tests.events.holds.crowd import Maker
from tests.events.holds.deeds import (
    booking,
    by_hand,
    dates,
    interest,
    needs,
    parties,
    questions,
    rules,
    worker,
)

OF_PEOPLE: Final[tuple[Maker, ...]] = (
    *[booking.book] * 12,
    *[booking.book_as_guest] * 4,
    *[booking.cancel] * 2,
    *[booking.change] * 3,
    *[booking.swap] * 3,
    *[booking.wait_for_swap] * 6,
    *[booking.move] * 3,
    *[booking.answer_offer] * 4,
    *[parties.name] * 4,
    *[parties.hand_place_back] * 2,
    *[parties.give_one_up] * 2,
    questions.answer,
    questions.answer,
    interest.tap,
    interest.ask,
    interest.confirm,
    interest.take_back,
    needs.tell,
    needs.tell,
    needs.change_profile,
    needs.withdraw,
)

OF_THE_DESK: Final[tuple[Maker, ...]] = (
    by_hand.add,
    by_hand.give,
    by_hand.move_somebody,
    by_hand.cancel_somebody,
    by_hand.change_places,
    by_hand.change_places,
    dates.add,
    dates.change,
    dates.cancel,
    dates.remove,
    dates.repeat,
    dates.change_pattern,
    rules.change_rules,
    rules.change_windows,
    rules.rename,
    rules.set_minimum,
    rules.decide,
    questions.ask,
    questions.ask,
    questions.change,
    questions.reword,
    questions.remind,
    needs.answer,
)

OF_TIME: Final[tuple[Maker, ...]] = (worker.wait, worker.wait, *[worker.work] * 3)

ALL: Final = (*OF_PEOPLE, *OF_THE_DESK, *OF_TIME)
AT_ONE_MOMENT: Final = (*OF_PEOPLE, *OF_THE_DESK, worker.work)
"""For many at once, who all live at the same time."""
