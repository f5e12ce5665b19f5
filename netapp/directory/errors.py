"""Why the directory cannot do what somebody asked for, in words for them."""

from datetime import datetime

from netapp.kernel.errors import DomainError


class TooManyEntries(DomainError):
    """``until``: when the first of those that were seen stops counting (UTC)."""

    message = (
        "You have looked at 100 people within ten minutes. To keep everybody’s details safe, "
        "the directory rests for a few minutes before it shows you more."
    )

    def __init__(self, until: datetime) -> None:
        super().__init__(self.message)
        self.until = until


class NotOffered(DomainError):
    """A choice that the form did not hold: locked, or not for young members."""

    message = "That cannot be chosen for this part of your profile."


class MessageRefused(DomainError):
    """Base of every reason why a message is not passed on."""


class TakesNoMessages(MessageRefused):
    """Also where somebody has blocked or reported this sender: they are not to be told."""

    message = "This person takes no messages through the directory."


class TooManyMessages(MessageRefused):
    message = "You have sent 20 messages today. Please send the next one tomorrow."


class TooManyToOne(MessageRefused):
    message = "You have written to this person three times today. Please give them time to answer."


class MayNotSend(MessageRefused):
    message = "A coordinator has stopped messages from you. Write to us if you want to know why."


class NothingToSend(DomainError):
    message = "Write something before you send it."


class TextGone(MessageRefused):
    message = "The words of this message are deleted, so it cannot be answered any more."
