"""Why a check cannot be noted."""

from netapp.kernel.errors import DomainError


class SeenInFuture(DomainError):
    message = "This day is still to come. Enter the day on which it was seen."


class DueBeforeSeen(DomainError):
    message = "It would be due before it was seen. Choose a later day, or leave it empty."


class NobodyToReach(DomainError):
    message = "Give a telephone number or an email address, or both."
