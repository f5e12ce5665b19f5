"""Why a membership cannot be what somebody asked for."""

from netapp.kernel.errors import DomainError


class EndsBeforeItStarts(DomainError):
    message = "The last day is before the first. Choose a later last day, or leave it empty."


class AlreadyMember(DomainError):
    message = "This person is a member on those days already. End that membership first."


class HasEnded(DomainError):
    message = "That membership has ended already."


class KindOfOthers(DomainError):
    message = "This kind of membership is not for them. Choose another kind."
