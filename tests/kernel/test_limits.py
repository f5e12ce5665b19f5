from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from netapp.kernel.limits import Limit, count_and_check, forget, is_within
from tests.factories import NOW

LIMIT = Limit("test", most=3, window=timedelta(minutes=15))


def test_within_a_window_so_many_tries(session):
    tries = [count_and_check(session, LIMIT, "a", NOW) for _ in range(5)]
    assert tries == [True, True, True, False, False]
    assert count_and_check(session, LIMIT, "b", NOW)
    assert [is_within(session, LIMIT, s, NOW) for s in "abc"] == [False, True, True]


def test_after_the_window_all_begins_anew(session):
    for _ in range(5):
        count_and_check(session, LIMIT, "a", NOW)
    assert not count_and_check(session, LIMIT, "a", NOW + timedelta(minutes=14, seconds=59))
    assert count_and_check(session, LIMIT, "a", NOW + timedelta(minutes=15))


def test_forgetting_begins_anew(session):
    for _ in range(5):
        count_and_check(session, LIMIT, "a", NOW)
    forget(session, LIMIT, "a")
    assert count_and_check(session, LIMIT, "a", NOW)


def test_connections_share_one_count(session, new_session):
    def one(_: int) -> bool:
        with new_session() as own:
            allowed = count_and_check(own, LIMIT, "a", NOW)
            own.commit()
            return allowed

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(one, range(8))) == [False] * 5 + [True] * 3
