from dataclasses import replace

import pytest


@pytest.fixture
def outside_demo(session):
    """The session works for a site that is not in demo mode."""
    session.info["site"] = replace(session.info["site"], demo=False)
