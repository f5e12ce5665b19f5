"""A database file that is lost or replaced under the running program."""

from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from netapp.kernel.db import prepare_engine


def open_file(path: Path):
    engine = create_engine(f"sqlite:///{path}")
    prepare_engine(engine)
    return engine


@pytest.fixture
def two_files(tmp_path):
    for name in ("first", "second"):
        engine = open_file(tmp_path / name)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE names (name TEXT)"))
            connection.execute(text("INSERT INTO names VALUES (:name)"), {"name": name})
        engine.dispose()
    return tmp_path / "first", tmp_path / "second"


def names(engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text("SELECT name FROM names")))


def test_a_replaced_file_is_read_from_then_on(two_files):
    first, second = two_files
    engine = open_file(first)
    assert names(engine) == ["first"]
    second.replace(first)
    assert names(engine) == ["second"]
    engine.dispose()


def test_a_lost_file_is_an_outage_and_no_new_empty_one(two_files):
    first, _ = two_files
    engine = open_file(first)
    assert names(engine) == ["first"]
    first.unlink()
    with pytest.raises(OperationalError):
        names(engine)
    assert not first.exists()
    engine.dispose()
