"""Who is asking: the one typed door to Flask-Login's current_user."""

from typing import cast

from flask_login import current_user

from netapp.audit.operations import Actor
from netapp.people.models import Person


def current_person() -> Person | None:
    """The signed-in person, roles loaded; None for a stranger."""
    return (
        cast(Person, current_user._get_current_object()) if current_user.is_authenticated else None
    )


def require_person() -> Person:
    """The signed-in person. Only for views whose policy asks for a sign-in."""
    person = current_person()
    assert person is not None
    return person


def viewer_id() -> int | None:
    person = current_person()
    return person.id if person else None


def actor() -> Actor:
    """The signed-in person as audit lines name them."""
    person = require_person()
    return Actor(person.id, person.name)
