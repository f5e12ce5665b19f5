"""No table and no column about people is forgotten."""

import pytest
from sqlalchemy import LargeBinary

from netapp.kernel.db import Base
from netapp.kernel.personal_data import About, Clear, DataClass, Holding
from netapp.privacy.holdings import ALL

HOLDINGS = [each for each in ALL if isinstance(each, Holding)]
ABOUTS = [(held, about) for held in HOLDINGS for about in held.about]


def name_of(held):
    return held.model.__tablename__


def columns_of(model):
    return {column.key for column in model.__mapper__.column_attrs}


def test_each_table_is_named_once(app):
    named = sorted(each.model.__tablename__ for each in ALL)
    assert named == sorted(Base.metadata.tables)


@pytest.mark.parametrize("held", HOLDINGS, ids=name_of)
def test_each_column_has_one_class(held):
    assert set(held.classes()) == columns_of(held.model)


@pytest.mark.parametrize("held", HOLDINGS, ids=name_of)
def test_what_is_delicate_is_sealed_or_a_hash(held):
    """Of article 9 and as delicate: bytes, but for marks and hashes, which say nothing."""
    delicate = {name for name, each in held.classes().items() if each is DataClass.SPECIAL}
    open_text = {
        name
        for name in delicate - {"mark"}
        if not isinstance(held.model.__table__.c[name].type, LargeBinary)
    }
    assert open_text == set()


@pytest.mark.parametrize(("held", "about"), ABOUTS, ids=lambda value: getattr(value, "title", ""))
def test_words_and_cleared_values_are_of_columns_that_there_are(held, about: About):
    cleared = set(about.closing.values) if isinstance(about.closing, Clear) else set()
    assert (set(about.words) | cleared) - columns_of(held.model) == set()
    assert all((about.title, about.why, about.until))


def test_a_table_that_points_at_people_says_how_its_rows_are_about_them(app):
    """But for columns that say who of the network did something: ``…_by_id``."""
    silent = [
        name_of(each)
        for each in ALL
        if not (isinstance(each, Holding) and each.about)
        and any(
            key.column.table.name == "people" and not key.parent.name.endswith("_by_id")
            for key in each.model.__table__.foreign_keys
        )
    ]
    assert silent == ["events"]  # ``organiser_id``: in whose name invitations come, as we show.
