import pytest

from tests.workflows.scenes import make_two


@pytest.fixture
def scene(session):
    return make_two(session)
