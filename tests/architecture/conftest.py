"""The scene that several of these tests walk through."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from netapp.people.models import Person
from tests.architecture.everybody import Scene, make_scene
from tests.visitor import Visitor


@pytest.fixture
def scene(session: Session, as_person: Callable[[Person | None], Visitor]) -> Scene:
    return make_scene(session, as_person)
