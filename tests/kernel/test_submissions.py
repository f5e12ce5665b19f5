from datetime import timedelta
from typing import Any

import pytest

from netapp.kernel import submissions
from netapp.kernel.submissions import Earlier, NotYourForm, begin, finish
from tests.factories import NOW

FORM: dict[str, Any] = {"key": "k" * 24, "owner": "person:1", "purpose": "book:1", "now": NOW}


def test_the_first_goes_on_and_the_second_is_led_to_its_result(session):
    assert begin(session, **FORM) is None
    finish(session, key=FORM["key"], result="/bookings/AB")
    session.commit()
    assert begin(session, **FORM) == Earlier("/bookings/AB")


@pytest.mark.parametrize("other", [{"owner": "person:2"}, {"purpose": "book:2"}])
def test_a_key_is_no_use_to_others_or_elsewhere(session, other):
    begin(session, **FORM)
    session.commit()
    with pytest.raises(NotYourForm):
        begin(session, **(FORM | other))


def test_what_was_undone_may_be_sent_again(session):
    begin(session, **FORM)
    session.rollback()
    assert begin(session, **FORM) is None


def test_keys_are_kept_a_day(session):
    begin(session, **FORM)
    session.commit()
    assert submissions.purge(session, NOW + timedelta(days=1)) == 0
    assert submissions.purge(session, NOW + timedelta(days=1, seconds=1)) == 1
