from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from netapp.kernel.limits import Limit, count_and_check, give_back
from tests.factories import NOW

LIMIT = Limit("wrong passwords", most=3, window=timedelta(minutes=15), until_quiet=True)


def tries(session, *minutes):
    return [count_and_check(session, LIMIT, "a", NOW + timedelta(minutes=m)) for m in minutes]


def test_no_window_holds_more_wherever_it_begins(session):
    assert tries(session, 0, 14, 14, 16, 20, 28) == [True, True, True, False, False, False]


def test_good_again_a_window_after_the_last_that_counted(session):
    assert tries(session, 0, 1, 2, 16, 17) == [True, True, True, False, True]


def test_tries_while_it_is_locked_do_not_lock_it_for_longer(session):
    assert tries(session, 0, 0, 0, 5, 10, 14, 15) == [True] * 3 + [False] * 3 + [True]


def test_what_is_given_back_does_not_count(session):
    for _ in range(10):
        assert count_and_check(session, LIMIT, "a", NOW)
        give_back(session, LIMIT, "a")
    assert tries(session, 0, 0, 0, 0) == [True, True, True, False]


def test_connections_share_the_count(session, new_session):
    def one(_: int) -> bool:
        with new_session() as own:
            allowed = count_and_check(own, LIMIT, "a", NOW)
            own.commit()
            return allowed

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(one, range(6))) == [False] * 3 + [True] * 3
