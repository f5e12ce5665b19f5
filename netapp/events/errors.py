"""Why something was not done: one class a reason, each with words for people."""

from netapp.kernel.errors import DomainError


class BookingRefused(DomainError):
    """Base of every reason why a place was not given, changed or given back."""


class NotBookable(BookingRefused):
    message = "This event cannot be booked here."


class EventCancelled(BookingRefused):
    message = "This event has been cancelled."


class BookingNotOpen(BookingRefused):
    message = "Booking for this event has not opened yet."


class BookingClosed(BookingRefused):
    message = "Booking for this event has closed."


class MembersOnly(BookingRefused):
    message = "This event is for members of the network. Sign in as a member to book."


class NothingChosen(BookingRefused):
    message = "Choose at least one date."


class DateNotBookable(BookingRefused):
    message = "One of the dates you chose can no longer be booked. Look at the dates again."


class EventFull(BookingRefused):
    message = "Every place has been taken."


class SomeDatesFull(BookingRefused):
    message = "One of the dates you chose has just become full. Look at the dates again."


class EventChanged(BookingRefused):
    message = "This event changed while the page was open. Check the dates, then book again."


class AlreadyBooked(BookingRefused):
    """Carries the reference of the booking they have."""

    message = "You already have a booking for this event."

    def __init__(self, reference: str) -> None:
        super().__init__()
        self.reference = reference


class BookingChanged(BookingRefused):
    message = "This booking changed while the page was open. Look at it again."


class BookingEnded(BookingRefused):
    message = "This booking has been cancelled."


class ChangesClosed(BookingRefused):
    message = "It is too late to change this here. Please write to us."


class NoOffer(BookingRefused):
    message = "There is no place on offer for you at the moment."


class OfferEnded(BookingRefused):
    message = "This offer has ended, and the place has been offered to the next person."


class ReasonMissing(BookingRefused):
    message = "Say why, in a few words: the person and your colleagues will read it."
