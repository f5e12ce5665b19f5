"""The migrations make what the models say, on both databases, and can be taken back."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text

from netapp import create_app
from netapp.extensions import db
from netapp.kernel.health import newest
from tests.databases import TestDatabase, demo_settings, within_schema


@pytest.fixture
def bare(database: TestDatabase, tmp_path: Path) -> Iterator[Flask]:
    """An application whose database holds nothing, apart from the one the other tests use."""
    if database.name == "sqlite":
        url = f"sqlite:///{tmp_path / 'bare.db'}"
    else:
        schema = f"bare_{secrets.token_hex(6)}"
        with database.app.app_context(), db.engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        url = within_schema(database.url, schema)
    app = create_app(demo_settings(tmp_path, NETAPP_DATABASE_URL=url), {"TESTING": True})
    with app.app_context():
        yield app
        db.session.remove()
        if database.name == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        db.engine.dispose()


@pytest.fixture
def alembic(bare: Flask) -> Config:
    config = bare.extensions["migrate"].migrate.get_config()
    assert isinstance(config, Config)
    return config


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def differences() -> list[object]:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, db.metadata))


def test_they_make_what_the_models_say(alembic: Config) -> None:
    command.upgrade(alembic, "head")
    command.upgrade(alembic, "head")  # Again makes nothing more.
    assert tables() == set(db.metadata.tables)
    assert differences() == []


def test_each_can_be_taken_back_and_made_again(alembic: Config) -> None:
    command.upgrade(alembic, "head")
    for _ in ScriptDirectory.from_config(alembic).walk_revisions():
        command.downgrade(alembic, "-1")
        command.upgrade(alembic, "+1")
        command.downgrade(alembic, "-1")
    assert tables() == set()
    command.upgrade(alembic, "head")
    assert differences() == []


def test_a_table_that_others_point_at_is_changed_with_all_that_is_in_it(alembic: Config) -> None:
    command.upgrade(alembic, "202611211810")
    people = "INSERT INTO people (id, key, email, name, created_at, version, organisation, area,"
    with db.engine.begin() as connection:
        connection.execute(
            text(
                f"{people} invitations, is_demo) VALUES"
                " (1, 'k', 'a@example.org', 'A', '2026-11-21', 1, '', '', true, false)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO role_grants (person_id, role, granted_at)"
                " VALUES (1, 'COORDINATOR', '2026-11-21')"
            )
        )
    command.upgrade(alembic, "head")
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT person_id FROM role_grants")).all()
    assert found == [(1,)]


def test_there_is_one_line_of_them_named_by_time(root: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(root / "migrations"))
    script = ScriptDirectory.from_config(config)
    names = [Path(each.path).name for each in script.walk_revisions()]
    assert len(script.get_heads()) == 1
    assert newest(root / "migrations") == set(script.get_heads())  # Found without Alembic.
    assert [name for name in names if not re.fullmatch(r"20\d{10}_[a-z0-9_]+\.py", name)] == []
    assert names == sorted(names, reverse=True)
