"""Who waits to write gets their turn in the order in which they came."""

from threading import Event, Thread

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from netapp.kernel import db
from netapp.kernel.turns import Turns


def test_the_first_who_came_is_the_first_who_goes():
    turns, order, threads = Turns(), [], []
    assert turns.take(0)

    def come(name):
        assert turns.take(30)
        order.append(name)
        turns.give()

    for name in "abcde":
        threads.append(Thread(target=come, args=(name,)))
        threads[-1].start()
        while turns.waiting < len(threads):
            Event().wait(0.001)
    turns.give()
    for thread in threads:
        thread.join()
    assert order == ["a", "b", "c", "d", "e"]
    assert turns.take(0)


def test_whoever_gives_up_holds_nobody_up():
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)
    turns.give()
    assert turns.take(0)


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'names'}")
    db.prepare_engine(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE names (name TEXT)"))
    yield engine
    engine.dispose()


def write(engine, name):
    with Session(engine) as session, db.unit_of_work(session):
        session.execute(text("INSERT INTO names VALUES (:name)"), {"name": name})


def test_whoever_waits_for_too_long_is_told_that_the_database_is_busy(engine, monkeypatch):
    monkeypatch.setattr(db, "LOCK_SECONDS", 0.01)
    with engine.connect() as other:
        other.execute(text("INSERT INTO names VALUES ('first')"))
        with pytest.raises(db.DatabaseBusy):
            write(engine, "too soon")
        other.commit()
    write(engine, "then")
    with engine.connect() as connection:
        found = connection.scalars(text("SELECT name FROM names ORDER BY rowid")).all()
    assert found == ["first", "then"]


def test_reading_waits_for_nobody(engine, monkeypatch):
    monkeypatch.setattr(db, "LOCK_SECONDS", 0)
    with engine.connect() as other:
        other.execute(text("INSERT INTO names VALUES ('first')"))
        with engine.connect() as connection:
            assert connection.scalars(text("SELECT name FROM names")).all() == []
