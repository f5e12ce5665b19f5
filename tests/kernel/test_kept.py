"""What is kept is found by its key, within its time, and never more than so much."""

from datetime import timedelta

from netapp.kernel.kept import Kept, forget_all
from tests.factories import NOW


def test_what_was_kept_is_found_by_its_key():
    memory: Kept[str, int] = Kept(2)
    assert memory.keep("a", 1, now=NOW) == 1
    assert (memory.find("a", NOW), memory.find("b", NOW)) == (1, None)


def test_what_depends_on_the_time_ends_with_it():
    memory: Kept[str, int] = Kept(2)
    memory.keep("a", 1, now=NOW, until=NOW + timedelta(minutes=5))
    second = timedelta(seconds=1)
    assert memory.find("a", NOW + timedelta(minutes=5) - second) == 1
    assert memory.find("a", NOW + timedelta(minutes=5)) is None
    assert memory.find("a", NOW - second) is None


def test_the_one_not_asked_for_longest_goes_first():
    memory: Kept[str, int] = Kept(2)
    memory.keep("a", 1, now=NOW)
    memory.keep("b", 2, now=NOW)
    memory.find("a", NOW)
    memory.keep("c", 3, now=NOW)
    assert [memory.find(key, NOW) for key in "abc"] == [1, None, 3]


def test_all_memories_can_begin_again():
    memory: Kept[str, int] = Kept(2)
    memory.keep("a", 1, now=NOW)
    forget_all()
    assert memory.find("a", NOW) is None
