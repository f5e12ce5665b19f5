"""Why a membership cannot be what somebody asked for."""

from netapp.kernel.errors import DomainError


class EndsBeforeItStarts(DomainError):
    message = "The last day is before the first. Choose a later last day, or leave it empty."


class AlreadyMember(DomainError):
    message = "This person is a member on those days already. End that membership first."


class HasEnded(DomainError):
    message = "That membership has ended already."


class SeatsTaken(DomainError):
    message = (
        "All seats are taken. The contact of the organisation can end one, or ask us for more."
    )


class NoSeats(DomainError):
    message = "The organisation is no member at the moment, so it has no seats."


class SeatLinkEnded(DomainError):
    message = "This link has ended. Ask whoever sent it to you for the new one."


class SeatWasEnded(DomainError):
    """It was ended for them, and the link is no newer than that."""

    message = (
        "Your seat of this organisation was ended, so this link gives you none. Ask its contact: "
        "they can give you one again."
    )


class HasSeat(DomainError):
    message = "They have a seat of this organisation already."


class SeatHasEnded(DomainError):
    message = "That seat has ended already."


class BothAreMembers(DomainError):
    message = "Both are members on the same days. End one of the two memberships first."


class TooManyGiven(DomainError):
    message = "You have given many seats today. Go on tomorrow, or pass the link on instead."


class NotTheContact(DomainError):
    message = "You are not the contact of this organisation any more."


class KindOfOthers(DomainError):
    message = "This kind of membership is not for them. Choose another kind."


class KindClosed(DomainError):
    message = "Nobody can ask for this kind of membership at the moment. Choose another kind."


class HasThisKind(DomainError):
    message = "You hold this membership already. On your page you see until when, and renew it."


class HasAsked(DomainError):
    message = "You have asked to join already, and we have not answered yet. Withdraw that first."


class ApplicationMoved(DomainError):
    """Somebody decided, answered or withdrew it since the page was opened."""

    message = "This application has changed since you opened it. Look again before you decide."


class ApplicationClosed(DomainError):
    message = "This application is decided already. Nothing was changed."


class NotAskedBack(DomainError):
    message = "We are not waiting for an answer from you."


class WordsMissing(DomainError):
    message = "Write what you want to tell them."


class OrganisationIsMember(DomainError):
    message = (
        "That organisation is a member already. Give the person a seat on its page, and decline "
        "this with a word about it."
    )


class ReferenceEnded(DomainError):
    message = "This link has ended: it works once, and for 28 days."


class TooManyReferees(DomainError):
    message = "Three people were asked already. Write to us if you want to name somebody else."


class OwnReferee(DomainError):
    message = "Name somebody other than yourself."


class NothingToRenew(DomainError):
    message = "This membership has no end, so there is nothing to renew."


class RenewedAlready(DomainError):
    message = "This membership is renewed already."


class TooEarly(DomainError):
    message = "This membership can be renewed from three months before its last day."


class EndedByHand(DomainError):
    message = "This membership was ended before its time. Ask to join again instead."


class InvoiceClosed(DomainError):
    message = "This invoice is not open any more. Nothing was changed."


class NotPaid(DomainError):
    message = "This invoice is not marked as paid."


class PaidTooEarly(DomainError):
    message = (
        "The invoice was not written yet on that day. Choose a later one, today at the latest."
    )


class ReasonMissing(DomainError):
    message = "Say why: it stands on the credit note."


class KindNameTaken(DomainError):
    message = "There is a kind with this name already. Choose another name."


class KindInUse(DomainError):
    message = (
        "Somebody has, had or asked for this kind, so it cannot be removed. Close it instead: "
        "nobody can ask for it then."
    )


class InvoiceStands(DomainError):
    message = "There is an invoice for this term already."


class DetailsMissing(DomainError):
    message = "A fee needs invoices. Say first who sends them and how they are paid."
