"""What all tests share: both databases, a fixed clock, a visitor."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g, has_app_context
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.orm import Session

from netapp.extensions import db
from netapp.kernel import clock, kept
from netapp.people.models import Person
from tests import databases, factories
from tests.databases import DatabaseMissing, TestDatabase
from tests.left_out import pytest_terminal_summary
from tests.queued_mails import write_all
from tests.quick_passwords import pytest_configure
from tests.turns import pytest_collection_modifyitems
from tests.visitor import Visitor

__all__ = [  # Hooks are found by their names.
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_terminal_summary",
]

NAMES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=(*NAMES, "both"), default="both")


def pytest_collection_finish() -> None:
    """What is there for all tests is never looked through again for what can go."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        names: tuple[str, ...] = NAMES if chosen == "both" else (chosen,)
        if any(metafunc.definition.iter_markers("postgresql")):
            names = tuple(name for name in names if name == "postgresql")
        if any(metafunc.definition.iter_markers("one_database")):
            names = names[:1]
        metafunc.parametrize("database", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def kept_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Each is compiled once, for the applications on both databases and in all test processes."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # Each process has a folder of its own in that of the run.
    (folder / "templates").mkdir(exist_ok=True)
    return FileSystemBytecodeCache(str(folder / "templates"))


@pytest.fixture(scope="session")
def running() -> Iterator[dict[str, TestDatabase]]:
    """The databases by name; they run until the end, however often tests change between them."""
    made: dict[str, TestDatabase] = {}
    yield made
    for each in made.values():
        each.close()


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    kept_templates: FileSystemBytecodeCache,
    running: dict[str, TestDatabase],
) -> TestDatabase:
    name = request.param
    if name not in running:
        folder = tmp_path_factory.mktemp(name)
        try:
            if name == "sqlite":
                running[name] = databases.sqlite(folder)
            else:
                running[name] = databases.postgresql(folder, os.environ.get("TEST_DATABASE_URL"))
        except DatabaseMissing as missing:
            pytest.skip(f"without PostgreSQL: {missing}")
        running[name].app.jinja_env.bytecode_cache = kept_templates
    return running[name]


@pytest.fixture(autouse=True)
def fixed_clock() -> Iterator[None]:
    """Every test lives at ``factories.NOW`` unless it moves the clock."""
    with clock.fixed(factories.NOW):
        yield


@pytest.fixture
def at() -> Callable[[datetime], AbstractContextManager[None]]:
    """``with at(moment): ...`` moves the clock."""
    return clock.fixed


class Browser(FlaskClient):
    """The tests hold an application context open, and Flask lends it to each request: so what one
    request kept in ``g`` (who is signed in, the form token) is thrown away before the next."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        for name in list(g) if has_app_context() else ():
            g.pop(name)
        return super().open(*args, **kwargs)


@pytest.fixture
def app(database: TestDatabase) -> Iterator[Flask]:
    database.empty()
    kept.forget_all()
    database.app.test_client_class = Browser
    with database.app.app_context():
        yield database.app
        db.session.remove()
        write_all(db.session())
        db.session.remove()


@pytest.fixture
def session(app: Flask) -> Session:
    """Objects stay readable after a commit; what requests change is read with new queries."""
    own = db.session()
    own.expire_on_commit = False
    return own


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def visitor(client: FlaskClient) -> Visitor:
    return Visitor(client)


@pytest.fixture
def sign_in(session: Session, client: FlaskClient) -> Callable[[Person], Person]:
    """Sign a person in on the client that ``visitor`` uses too."""

    def _sign_in(person: Person) -> Person:
        token = factories.make_sign_in(session, person)
        client.set_cookie("sign-in", token)
        return person

    return _sign_in


@pytest.fixture
def as_person(app: Flask, session: Session) -> Callable[[Person | None], Visitor]:
    """Another visitor with a browser of their own, signed in or (None) a stranger."""

    def _as(person: Person | None) -> Visitor:
        client = app.test_client()
        if person is not None:
            client.set_cookie("sign-in", factories.make_sign_in(session, person))
        return Visitor(client)

    return _as


@pytest.fixture
def new_session(app: Flask) -> Callable[[], Session]:
    """Sessions with connections of their own, for what happens at the same time."""

    engine = db.engine  # Threads have no application context.

    def _new() -> Session:
        return Session(engine, info={"site": app.extensions["site"]})

    return _new


@pytest.fixture
def count_queries(app: Flask) -> Callable[[], AbstractContextManager[list[str]]]:
    """``with count_queries() as statements: ...; assert len(statements) == 2``"""

    @contextmanager
    def _counting() -> Iterator[list[str]]:
        statements: list[str] = []

        def record(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", record)
        try:
            yield statements
        finally:
            event.remove(db.engine, "before_cursor_execute", record)

    return _counting


@pytest.fixture
def root() -> Path:
    return Path(__file__).parents[1]
