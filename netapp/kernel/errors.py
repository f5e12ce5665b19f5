"""Errors that carry a rule of the domain, not an accident of the machine."""

from typing import ClassVar


class DomainError(Exception):
    """A rule said no. ``message`` is always safe to show to the person who asked."""

    message: ClassVar[str] = "That cannot be done."

    def __str__(self) -> str:
        return self.message


class NotFound(DomainError):
    """It is not there, or not for this person to see: both are answered alike."""

    message = "We could not find that."


class StaleEdit(DomainError):
    """Somebody else changed the thing since the form was opened."""

    message = "Someone else changed this while you were editing."
