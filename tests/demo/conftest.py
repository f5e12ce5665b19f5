from dataclasses import replace

import pytest

from netapp.demo.operations.start import start
from tests.factories import NOW


@pytest.fixture
def started(session, database):
    """The starting data is in the database; says what the first run added."""
    return database.made_once("start", session, lambda: start(session, now=NOW))


@pytest.fixture
def outside_demo(session):
    """The session works for a site that is not in demo mode."""
    session.info["site"] = replace(session.info["site"], demo=False)
