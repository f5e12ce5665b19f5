"""Tests that open pages take turns between the databases: each runs on one of the two at once.

What decides (operations, queries, several people at the same moment) runs on both always. A page
shows what was decided, and its tests stand side by side: with every second one on the other
database, each page is still opened on both. The other half bears ``other_database``, which
``make test`` leaves for ``make test-slow``.
"""

from collections import defaultdict
from collections.abc import Iterable
from zlib import crc32

import pytest

PAGES = {"client", "visitor", "as_person", "sign_in"}
"""The fixtures that open pages."""
AT_ONCE = "new_session"


@pytest.hookimpl(tryfirst=True)  # Before tests are left out by their marks.
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    others = waiting({item.nodeid: _database_of(item) for item in items if _takes_turns(item)})
    for item in items:
        if item.nodeid in others:
            item.add_marker("other_database")


def waiting(databases: dict[str, str]) -> set[str]:
    """The names of the tests whose turn it is not, of the names of tests and their databases; the
    same in each run, and none of a test that has one database only."""
    pairs: dict[str, list[str]] = defaultdict(list)
    for name, database in databases.items():
        pairs[name.replace(f"[{database}", "[", 1)].append(name)
    return {other for name, pair in pairs.items() for other in _others(name, sorted(pair))}


def _others(name: str, pair: list[str]) -> Iterable[str]:
    turn = crc32(name.encode()) % len(pair)
    return (each for place, each in enumerate(pair) if place != turn)


def _takes_turns(item: pytest.Item) -> bool:
    asked = set(getattr(item, "fixturenames", ()))
    if not asked & PAGES or AT_ONCE in asked or item.get_closest_marker("both_databases"):
        return False
    return "database" in asked


def _database_of(item: pytest.Item) -> str:
    return str(item.callspec.params["database"]) if isinstance(item, pytest.Function) else ""
