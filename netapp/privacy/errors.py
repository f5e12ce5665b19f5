"""Why something about one's data cannot be done."""

from netapp.kernel.errors import DomainError


class NothingSaid(DomainError):
    message = "Say what you ask for, in a sentence or two."


class AnsweredAlready(DomainError):
    message = "Somebody has answered this already."


class DaysOutOfRange(DomainError):
    message = "Choose a number of days within the range beside it."


class TooManyAsks(DomainError):
    message = "You have asked five times today. Wait for our answer, or write to us."
