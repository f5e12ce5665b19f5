"""Why a mail cannot be sent again or given up, in words for the coordinator who asked."""

from netapp.kernel.errors import DomainError


class MailRefused(DomainError):
    message = "That cannot be done with this mail."


class NotGivenUp(MailRefused):
    message = "This mail is not given up: it waits to be sent, or it was sent already."


class TextDeleted(MailRefused):
    message = (
        "The text of this mail was deleted when its time was over, so it cannot be sent again."
    )


class NotWaiting(MailRefused):
    message = "This mail does not wait any more: it was sent or given up already."


class BeingSent(MailRefused):
    message = "This mail is being sent at this moment. Look again in a minute."
